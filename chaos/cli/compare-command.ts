/** `redcliff compare RUN RECORDED…`: whether a run is worse than one or several others. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { compareReports } from '../../reports/compare/compare-reports.ts';
import type { Comparison } from '../../reports/compare/comparison.ts';
import { environmentDifferences } from '../../reports/compare/environments.ts';
import { readReport } from '../../reports/record/read-report.ts';
import type { Report } from '../../reports/record/report.ts';
import { exitCodes, UsageError } from '../errors.ts';
import { parseWholeNumber } from './whole-number.ts';

interface CompareFlags {
  readonly last?: string;
  readonly json?: boolean;
}

export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .description('say whether a run is worse than one or several others')
    .argument('<run>', 'folder of a run, or its report.json')
    .argument('[recorded...]', 'the same of the runs it is compared with; verdicts with the first of them')
    .option('--last <number>', 'instead: the newest so many before it, beside it, of the same environment')
    .option('--json', 'for programs')
    .action(compare);
}

async function compare(run: string, recorded: string[], flags: CompareFlags): Promise<void> {
  const current = await readRun(run);
  const references = await readReferences(run, current, recorded, flags);
  const comparison = compareReports(current, references);
  console.log(flags.json === true ? JSON.stringify(comparison, null, 1) : describeComparison(comparison));
  process.exitCode = comparison.worse ? exitCodes.worse : exitCodes.held;
}

async function readReferences(
  run: string,
  current: Report,
  recorded: readonly string[],
  { last }: CompareFlags,
): Promise<Report[]> {
  if (last === undefined && recorded.length === 0) {
    throw new UsageError('RECORDED is missing', 'name the runs to compare with, or give --last 5');
  }
  if (last === undefined) return Promise.all(recorded.map(readRun));
  if (recorded.length > 0) {
    throw new UsageError('--last and RECORDED exclude each other', 'leave one of them out');
  }
  const wanted = parseWholeNumber('--last', last, { most: 999, example: 5 });
  const found = await readBefore(run, current, wanted);
  if (found.length > 0) return found;
  throw new UsageError(
    `--last: no earlier run of the same environment and cells lies beside "${run}"`,
    'name the runs to compare with',
  );
}

/** Newest first. Folders of runs sort by time; what cannot be read among them is none to compare with. */
async function readBefore(run: string, current: Report, count: number): Promise<Report[]> {
  const real = await realpath(run);
  const folder = (await stat(real)).isDirectory() ? real : dirname(real);
  const beside = dirname(resolve(folder));
  const names = (await readdir(beside)).filter((name) => name < basename(folder)).toSorted();
  const found: Report[] = [];
  for (const name of names.toReversed()) {
    if (found.length === count) break;
    const report = await readReport(join(beside, name, 'report.json')).catch(() => null);
    if (report !== null && isAlike(current, report)) found.push(report);
  }
  return found;
}

function isAlike(current: Report, other: Report): boolean {
  const names = new Set(other.cells.map(({ scenario, outage }) => `${scenario} × ${outage}`));
  const shared = current.cells.some(({ scenario, outage }) => names.has(`${scenario} × ${outage}`));
  return shared && environmentDifferences(current, other).length === 0;
}

async function readRun(path: string): Promise<Report> {
  const found = await stat(path).catch(() => null);
  return readReport(found?.isDirectory() === true ? join(path, 'report.json') : path);
}

function describeComparison({ recorded, worse, reasons, unlike, notes, timings }: Comparison): string {
  const fine = timings.filter(({ limit }) => limit !== undefined);
  const limits = fine.map(({ limit = 1 }) => limit);
  const learnt =
    fine.length === 0
      ? []
      : [
          `  ${fine.length} of ${timings.length} timings by what ${recorded.length} runs differ among themselves: ` +
            `counted from × ${Math.min(...limits).toFixed(2)} to × ${Math.max(...limits).toFixed(2)} on`,
        ];
  return [
    worse ? 'Worse:' : `Not worse (${timings.length} timings compared)`,
    ...reasons.map((reason) => `  ${reason}`),
    `  compared with ${recorded.join(', ')}`,
    ...learnt,
    ...unlike.map((difference) => `  only verdicts were compared: ${difference}`),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}
