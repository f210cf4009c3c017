/** `redcliff report`, `compare` and `export`: reading stored runs, and comparing two versions side by side. */
import { createWriteStream } from 'node:fs';
import { readdir, realpath, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Argument, type Command } from 'commander';
import { judge } from '../../reports/checkers/judge.ts';
import { judgeThresholds } from '../../reports/checkers/thresholds.ts';
import { compareReports } from '../../reports/compare/compare-reports.ts';
import type { Comparison } from '../../reports/compare/comparison.ts';
import { environmentDifferences } from '../../reports/compare/environments.ts';
import { compareExplorations } from '../../reports/exploration/compare-explorations.ts';
import type { Exploration } from '../../reports/exploration/exploration.ts';
import { changeLines } from '../../reports/exploration/render-text.ts';
import { renderSideBySide } from '../../reports/compare/side-by-side-text.ts';
import { compareSideBySide, pairsMin } from '../../reports/compare/side-by-side.ts';
import { csvLines } from '../../reports/export/csv.ts';
import { ednLines } from '../../reports/export/edn.ts';
import { openMetrics } from '../../reports/export/open-metrics.ts';
import { readHistory } from '../../reports/history/read-history.ts';
import { readReport } from '../../reports/record/read-report.ts';
import type { Cell, Report } from '../../reports/record/report.ts';
import { cellName } from '../../reports/render/headline.ts';
import { renderTable } from '../../reports/render/render-table.ts';
import type { Checker } from '../../reports/checkers/checker.ts';
import { systemClock } from '../clock.ts';
import { parseDurationMs } from '../duration.ts';
import { exitCodes, HarnessError, UsageError } from '../errors.ts';
import { beginCampaign, resumeCampaign } from '../run/campaign.ts';
import { historyFileName, readEvidence } from '../run/cell-folder.ts';
import { exitOf } from '../run/exit-status.ts';
import { findOtherVersion, openOtherVersion } from '../run/other-version.ts';
import { planningContext } from '../run/plan.ts';
import { cellNamed } from '../run/reproduce.ts';
import { checkWritable, makeRunFolder, reportFile } from '../run/run-folder.ts';
import { pairCampaign, type PairSettings, repeatedCell, runPairs } from '../run/side-by-side.ts';
import { describeCommit } from '../run/surroundings.ts';
import { refuseAttached } from '../target/attached.ts';
import { loadTarget, type LoadedTarget } from '../target/load-config.ts';
import { invocation } from '../setup/own-files.mjs';
import {
  addStackOptions,
  addTargetOptions,
  checkSeed,
  outOption,
  parseWholeNumber,
  type StackFlags,
  type TargetFlags,
} from './options.ts';
import { openInBrowser } from './open-in-browser.ts';
import { openSession } from './session.ts';
import { invariantsOf } from '../target/invariants.ts';

const group = 'Investigate:';

export function addInvestigateCommands(program: Command): void {
  addTargetOptions(
    program
      .command('report')
      .helpGroup(group)
      .description('print the verdicts of a stored run')
      .argument('<run>', 'folder of the run, for example reports/runs/latest')
      .option('--rejudge', 'judge it again from its histories and evidence')
      .option('--open', 'open its page in the browser'),
  ).action(report);
  const compareCommand = program
    .command('compare')
    .helpGroup(group)
    .description('say whether a run is worse than others, or this version slower than another')
    .argument('[run]', 'folder of a run, or its report.json')
    .argument('[others...]', 'runs to compare it with, likewise; verdicts are compared with the first')
    .option('--last <number>', 'compare with this number of earlier runs in the same folder and environment')
    .option('--json', 'print JSON')
    .option('--against <version>', 'run another version, a commit or a folder, in turns with this one')
    .option('--scenario <name>', 'with --against: the scenario that both versions run')
    .option('--fault <name>', 'with --against: the fault', 'none')
    .option('--pairs <number>', 'with --against: number of pairs of runs, including existing ones', '12')
    .option('--duration <time>', 'with --against: length of the load of each run', '6s')
    .option('--seed <text>', 'with --against: prefix of the seed of every pair', 'against')
    .option('--resume <folder>', 'continue an interrupted comparison with another version')
    .option(...outOption)
    .option('--quiet', 'print only the result');
  addStackOptions(addTargetOptions(compareCommand)).action(compare);
  program
    .command('export')
    .helpGroup(group)
    .description('write a run in the format of another tool')
    .argument('<run>', 'folder of a run, or its report.json')
    .addArgument(
      new Argument('<format>', 'edn or csv: the history of a cell; openmetrics: all figures').choices(
        formats,
      ),
    )
    .option('--cell <name>', 'the cell of the history, such as checkout×redis-down (default: the only one)')
    .option('--output <file>', 'write to this file instead of the terminal')
    .action(exportRun);
}

interface ReportFlags extends TargetFlags {
  readonly rejudge?: boolean;
  readonly open?: boolean;
}

async function report(folder: string, flags: ReportFlags): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found === null || !found.isDirectory()) {
    throw new UsageError(
      `RUN "${folder}" is not a folder`,
      'give the folder of a run, for example reports/runs/latest',
    );
  }
  const stored = await readReport(join(folder, 'report.json'));
  const page = join(folder, 'report.html');
  if (flags.open === true) await openInBrowser(page);
  if (flags.rejudge !== true) {
    console.log(renderTable(stored));
    console.log(`Report: ${page}`);
    process.exitCode = stored.exit.code;
    return;
  }
  const target = await loadTarget(flags, process.cwd());
  const cells = await Promise.all(stored.cells.map((cell) => rejudge(cell, folder, target)));
  const exit = exitOf(cells, false, null);
  console.log(renderTable({ ...stored, cells, exit }));
  console.log(exit.reason);
  process.exitCode = exit.code;
}

async function rejudge(cell: Cell, folder: string, target: LoadedTarget): Promise<Cell> {
  if (cell.harnessError !== null) return cell;
  const cellFolder = join(folder, cell.folder);
  const history = await readHistory(join(cellFolder, historyFileName), target.checkOperation);
  const evidence = await readEvidence(cellFolder);
  return {
    ...cell,
    verdicts: judge(history.operations, evidence, checkersOf(cell, target), history),
    thresholds: judgeThresholds(cell.thresholds, history.operations, evidence, cell.recoveryMs),
  };
}

function checkersOf(cell: Cell, target: LoadedTarget): readonly Checker[] {
  const known = invariantsOf(target);
  return cell.verdicts.map(({ invariant }) => {
    const found = known.get(invariant);
    if (found !== undefined) return found;
    throw new UsageError(
      `the run was judged by ${invariant}, which the target no longer has`,
      `invariants: ${[...known.keys()].join(', ')}`,
    );
  });
}

interface CompareFlags extends StackFlags, TargetFlags {
  readonly last?: string;
  readonly json?: boolean;
  readonly against?: string;
  readonly scenario?: string;
  readonly fault: string;
  readonly pairs: string;
  readonly duration: string;
  readonly seed: string;
  readonly resume?: string;
  readonly out: string;
  readonly quiet?: boolean;
}

async function compare(run: string | undefined, others: string[], flags: CompareFlags): Promise<void> {
  if (flags.against !== undefined || flags.resume !== undefined) {
    if (run !== undefined)
      throw new UsageError('RUN and --against exclude each other', 'name the scenario with --scenario');
    await compareVersions(flags);
    return;
  }
  if (run === undefined)
    throw new UsageError(
      'RUN is missing',
      'name a run and those to compare it with, or give --against COMMIT',
    );
  const current = await readRun(run);
  const references = await readReferences(run, current, others, flags);
  if (current.exploration !== undefined) {
    compareExplored(current.exploration, references, flags);
    return;
  }
  const cells = new Set(current.cells.map(cellName));
  if (!references.some((reference) => reference.cells.some((cell) => cells.has(cellName(cell))))) {
    throw new UsageError(
      `"${run}" has no cell in common with what it is compared with: ${[...cells].join(', ') || 'it has none'}`,
      'name runs of the same scenarios and faults',
    );
  }
  const comparison = compareReports(current, references);
  console.log(flags.json === true ? JSON.stringify(comparison, null, 1) : describeComparison(comparison));
  process.exitCode = comparison.worse ? exitCodes.worse : exitCodes.held;
}

/** An exploration is compared with explorations by which calls survived; their loads are broken on purpose, so their timings say nothing. */
function compareExplored(current: Exploration, references: readonly Report[], { json }: CompareFlags): void {
  const explored = references.flatMap(({ exploration }) => exploration?.injections ?? []);
  if (references.some(({ exploration }) => exploration === undefined)) {
    throw new UsageError(
      'RUN is an exploration, and OTHERS has a run that is none',
      'name folders of redcliff explore only',
    );
  }
  const change = compareExplorations(current, { injections: explored });
  if (change.compared === 0) {
    throw new UsageError(
      'RUN and OTHERS have no injection that was decided in both',
      'explore the same scenarios with a larger --budget',
    );
  }
  console.log(json === true ? JSON.stringify(change, null, 1) : changeLines(change, 'OTHERS').join('\n'));
  process.exitCode = change.worse.length > 0 ? exitCodes.worse : exitCodes.held;
}

async function readReferences(
  run: string,
  current: Report,
  others: readonly string[],
  { last }: CompareFlags,
): Promise<Report[]> {
  if (last === undefined && others.length === 0) {
    throw new UsageError('OTHERS is missing', 'name the runs to compare with, or give --last 5');
  }
  if (last === undefined) return Promise.all(others.map(readRun));
  if (others.length > 0) {
    throw new UsageError('--last and OTHERS exclude each other', 'omit one of them');
  }
  const wanted = parseWholeNumber('--last', last, { most: 999, example: 5 });
  const found = await readBefore(run, current, wanted);
  if (found.length > 0) return found;
  throw new UsageError(
    `--last: the folder of "${run}" holds no earlier run of the same environment and cells`,
    'name the runs to compare with',
  );
}

/** Newest first. Folders of runs sort by time; those that cannot be read are skipped. */
async function readBefore(run: string, current: Report, count: number): Promise<Report[]> {
  const real = await realpath(run);
  const folder = (await stat(real)).isDirectory() ? real : dirname(real);
  const beside = dirname(resolve(folder));
  const names = (await readdir(beside)).filter((name) => name < basename(folder)).toSorted();
  const found: Report[] = [];
  for (const name of names.toReversed()) {
    if (found.length === count) break;
    const earlier = await readReport(join(beside, name, 'report.json')).catch(() => null);
    if (earlier !== null && isAlike(current, earlier)) found.push(earlier);
  }
  return found;
}

function isAlike(current: Report, other: Report): boolean {
  if (current.exploration !== undefined || other.exploration !== undefined)
    return alikeExplored(current.exploration, other.exploration);
  const names = new Set(other.cells.map(cellName));
  const shared = current.cells.some((cell) => names.has(cellName(cell)));
  return shared && environmentDifferences(current, other).length === 0;
}

/** Explorations have some scenario in common: which cells they keep depends on what they found. */
function alikeExplored(one: Exploration | undefined, other: Exploration | undefined): boolean {
  const scenarios = new Set(one?.injections.map(({ scenario }) => scenario));
  return other?.injections.some(({ scenario }) => scenarios.has(scenario)) ?? false;
}

async function readRun(path: string): Promise<Report> {
  return await readReport(await reportFile(path));
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

/** Runs both versions in turns, and says whether this one is slower. */
async function compareVersions(flags: CompareFlags): Promise<void> {
  const wanted = parseWholeNumber('--pairs', flags.pairs, { least: pairsMin, most: 999, example: 12 });
  const context = planningContext(await loadTarget(flags, process.cwd()));
  const { target } = context;
  refuseAttached(target, 'compare --against');
  const resumed = flags.resume === undefined ? null : await resumeCampaign(pairCampaign, flags.resume);
  const settings = resumed?.settings ?? (await pairSettings(target, flags));
  const found = await findOtherVersion(target, settings.before);
  // Mistakes in the cell are reported here, before anything starts.
  repeatedCell(context, settings, 1);
  const cell = cellName(settings);
  const folder =
    resumed?.folder ?? (await newFolder(flags.out, `against-${settings.scenario}-${settings.fault}`));
  if (resumed === null) await beginCampaign(pairCampaign, folder, settings);
  await using session = await openSession({ flags, target, k6: null, needs: [] });
  const { host, display, note } = session;
  await using other = await openOtherVersion(target, found, host.reaper);
  const command = `${invocation} compare --resume ${folder}`;
  note(`Before: ${settings.before}. Runs in ${folder}; continue after an interruption with ${command}`);
  const progress = display.worker();
  const pairs = await runPairs(host, {
    context,
    settings,
    folder,
    pairs: wanted,
    beforeFolder: other.folder,
    command,
    stackStarted: (stack) => display.stackStarted(stack),
    starting: (plan, number, version) => {
      note(`Pair ${number} of ${wanted}: the version ${version}`);
      if (process.stderr.isTTY === true) progress.cellStarted(plan, number - 1, wanted);
    },
    note,
  });
  if (pairs.length < pairsMin) {
    throw new HarnessError(
      `only ${pairs.length} of ${wanted} pairs are usable, too few for a comparison`,
      `run redcliff doctor, then ${command}`,
    );
  }
  const figures = compareSideBySide(pairs);
  const text = renderSideBySide(
    { cell, before: settings.before, after: await describeCommit(target.folder), pairs },
    figures,
  );
  await writeFile(join(folder, 'side-by-side.md'), text);
  await writeFile(join(folder, 'side-by-side.json'), `${JSON.stringify({ cell, figures }, null, 1)}\n`);
  console.log(text);
  console.log(`Runs and results: ${folder}`);
  const slower = figures.some(({ outcome }) => outcome === 'slower');
  process.exitCode = exitOf(
    pairs.map(({ after }) => after),
    slower,
    null,
  ).code;
}

async function pairSettings(target: LoadedTarget, flags: CompareFlags): Promise<PairSettings> {
  const { scenario, fault, seed, against = '' } = flags;
  if (scenario === undefined)
    throw new UsageError(
      '--against needs --scenario',
      `scenarios: ${target.scenarios.map(({ name }) => name).join(', ')}`,
    );
  const durationMs = parseDurationMs('--duration', flags.duration);
  const found = await findOtherVersion(target, against);
  const before = 'commit' in found ? found.commit : found.folder;
  return { before, scenario, fault, durationMs, seed: checkSeed(seed) };
}

async function newFolder(out: string, label: string): Promise<string> {
  await checkWritable(out);
  return (await makeRunFolder(out, new Date(systemClock.nowMs()), [label])).path;
}

const formats = ['csv', 'edn', 'openmetrics'] as const;
type Format = (typeof formats)[number];

interface ExportFlags {
  readonly cell?: string;
  readonly output?: string;
}

async function exportRun(run: string, format: Format, flags: ExportFlags): Promise<void> {
  const file = await reportFile(run);
  const stored = await readReport(file);
  const chunks =
    format === 'openmetrics'
      ? [openMetrics(stored)]
      : await historyLines(stored, dirname(file), format, flags);
  const destination = flags.output === undefined ? process.stdout : createWriteStream(flags.output);
  try {
    await pipeline(Readable.from(chunks), destination, { end: destination !== process.stdout });
  } catch (error) {
    // The reader closed the pipe, as `head` does.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return;
    throw new UsageError(
      `--output "${flags.output ?? 'the terminal'}" cannot be written to: ${String(error)}`,
      'name a writable file',
    );
  }
}

async function historyLines(
  stored: Report,
  folder: string,
  format: 'csv' | 'edn',
  { cell: asked }: ExportFlags,
): Promise<Iterable<string>> {
  const [only, another] = stored.cells;
  if (asked === undefined && (only === undefined || another !== undefined)) {
    const names = stored.cells.map(({ scenario, fault }) => `${scenario}×${fault}`).join(', ');
    throw new UsageError(
      `--cell is missing: the run has ${stored.cells.length} cells`,
      `cells: ${names || 'none'}`,
    );
  }
  const cell = asked === undefined && only !== undefined ? only : cellNamed(stored, asked ?? '');
  const { operations, truncatedAtLine } = await readHistory(join(folder, cell.folder, historyFileName));
  if (truncatedAtLine !== null) {
    console.error(`The history is truncated in line ${truncatedAtLine}: only earlier lines are written`);
  }
  return ended(format === 'edn' ? ednLines(operations) : csvLines(operations));
}

function* ended(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}
