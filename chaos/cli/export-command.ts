/** `redcliff export RUN FORMAT`: a run in the words of other tools: EDN for Elle and Knossos, CSV, OpenMetrics. */
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Argument } from 'commander';
import { csvLines } from '../../reports/export/csv.ts';
import { ednLines } from '../../reports/export/edn.ts';
import { openMetrics } from '../../reports/export/open-metrics.ts';
import { readHistory } from '../../reports/history/read-history.ts';
import { readReport } from '../../reports/record/read-report.ts';
import type { Cell, Report } from '../../reports/record/report.ts';
import { UsageError } from '../errors.ts';
import { historyFileName } from '../experiment/cell-folder.ts';

const formats = ['csv', 'edn', 'openmetrics'] as const;
type Format = (typeof formats)[number];

interface ExportFlags {
  readonly cell?: string;
  readonly output?: string;
}

export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('give a run to other tools')
    .argument('<run>', 'folder of a run, or its report.json')
    .addArgument(
      new Argument('<format>', 'edn or csv: the history of a cell; openmetrics: all figures').choices(
        formats,
      ),
    )
    .option('--cell <name>', 'whose history, such as turns×redis-down (default: the only one)')
    .option('--output <file>', 'instead of the terminal')
    .action(exportRun);
}

async function exportRun(run: string, format: Format, flags: ExportFlags): Promise<void> {
  const found = await stat(run).catch(() => null);
  const file = found?.isDirectory() === true ? join(run, 'report.json') : run;
  const report = await readReport(file);
  const chunks =
    format === 'openmetrics'
      ? [openMetrics(report)]
      : await historyLines(report, dirname(file), format, flags);
  const target = flags.output === undefined ? process.stdout : createWriteStream(flags.output);
  try {
    await pipeline(Readable.from(chunks), target, { end: target !== process.stdout });
  } catch (error) {
    if (isClosedPipe(error)) return;
    throw new UsageError(
      `--output "${flags.output ?? 'the terminal'}" cannot be written to: ${String(error)}`,
      'name a file that can be written',
    );
  }
}

async function historyLines(
  report: Report,
  folder: string,
  format: 'csv' | 'edn',
  { cell: asked }: ExportFlags,
): Promise<Iterable<string>> {
  const cell = chooseCell(report, asked);
  const { operations, truncatedAtLine } = await readHistory(join(folder, cell.folder, historyFileName));
  if (truncatedAtLine !== null) {
    console.error(`The history is cut off in line ${truncatedAtLine}: what is before it is given`);
  }
  return ended(format === 'edn' ? ednLines(operations) : csvLines(operations));
}

function chooseCell({ cells }: Report, asked: string | undefined): Cell {
  const plain = (name: string): string => name.replaceAll(/\s*[×/:.]\s*|\s+x\s+/g, '×').trim();
  const chosen = cells.filter(
    ({ scenario, outage }) => asked === undefined || plain(asked) === `${scenario}×${outage}`,
  );
  const [only, another] = chosen;
  if (only !== undefined && another === undefined) return only;
  const names = cells.map(({ scenario, outage }) => `${scenario}×${outage}`).join(', ');
  throw new UsageError(
    asked === undefined
      ? `--cell is missing: the run has ${cells.length} cells`
      : `--cell "${asked}" is not in the run`,
    `cells: ${names || 'none'}`,
  );
}

function* ended(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}

/** Whoever reads has seen enough, as `head` does. */
function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}
