/** `redcliff reproduce`: runs a recorded failure again, from its record alone; shrinks it; or holds it at a fault. */
import { copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type Clock, systemClock } from '../clock.ts';
import { checkDefect } from '../defects/load.ts';
import { exitCodes, UsageError } from '../errors.ts';
import { describeSurroundings } from '../experiment/describe-run.ts';
import { probeK6 } from '../experiment/k6-program.ts';
import { differencesFrom } from '../reproduce/differences.ts';
import { planOf, writeExperimentFile } from '../reproduce/experiment-file.ts';
import { pauseAt } from '../reproduce/pause.ts';
import { chooseFailures, openRecord, type RecordedFailure } from '../reproduce/record-address.ts';
import { cellName, experimentOf } from '../reproduce/recorded-cell.ts';
import { exitOfRepetitions, renderConclusion, renderRepetition } from '../reproduce/repetitions.ts';
import { reproduce } from '../reproduce/reproduce.ts';
import { shrinkFailure } from '../reproduce/shrink-failure.ts';
import { beginShrinkLog, openShrinkLog, type ShrinkLog, type ShrinkStart } from '../reproduce/shrink-log.ts';
import { symptomText } from '../reproduce/symptom.ts';
import { openTestStand, type TestStand } from '../reproduce/test-stand.ts';
import type { Report } from '../../reports/record/report.ts';
import { type HarnessSession, openHarnessSession, type StackFlags } from './harness-session.ts';
import { checkWritable, makeRunFolder } from './output-folder.ts';
import { showProgress } from './progress.ts';

interface ReproduceFlags extends StackFlags {
  readonly cell?: string;
  readonly times?: string;
  readonly pauseAt?: string;
  readonly shrink?: boolean;
  readonly repeats: string;
  readonly maxRuns: string;
  readonly resume?: string;
  readonly write?: string;
  readonly out: string;
  readonly k6?: string;
  readonly quiet?: boolean;
}

type Display = ReturnType<typeof showProgress>;

export function addReproduceCommand(program: Command): void {
  program
    .command('reproduce')
    .description('run a recorded failure again, from its record alone, and say how often it shows')
    .argument('[report]', 'folder of a run, its report.json, or junit.xml#CASE')
    .option('--cell <name>', 'only this cell, such as turns×redis-down (default: all that failed)')
    .option('--times <number>', 'runs of each cell (default: 3; 1 with --pause-at)')
    .option('--pause-at <fault>', 'hold the run there, with everything up, until Enter is pressed')
    .option('--shrink', 'find a smallest experiment that still fails, and write it to a file')
    .option('--repeats <number>', 'runs without the failure after which a smaller one is given up', '3')
    .option('--max-runs <number>', 'runs after which shrinking ends with the smallest so far', '200')
    .option('--resume <folder>', 'take up a shrinking that was cut short; REPORT is left out then')
    .option('--write <file>', 'where the shrunk experiment goes as well, besides the folder')
    .option('--stack <provider>', 'auto, local or external', 'auto')
    .option('--redis-uri <uri>', 'Redis of the external stack')
    .option('--mongo-uri <uri>', 'MongoDB replica set of the external stack')
    .option('--toxiproxy-uri <uri>', 'Toxiproxy API of the external stack')
    .option('--out <folder>', 'where the folder of the reproduction is made', 'reports/runs')
    .option('--k6 <path>', 'a real k6 instead of the built-in runtime')
    .option('--quiet', 'print only the result')
    .action(run);
}

async function run(address: string | undefined, flags: ReproduceFlags): Promise<void> {
  const clock = systemClock;
  const numbers = {
    times: wholeNumber('--times', flags.times ?? (flags.pauseAt === undefined ? '3' : '1')),
    repeats: wholeNumber('--repeats', flags.repeats),
    maxRuns: wholeNumber('--max-runs', flags.maxRuns),
  };
  const k6 = flags.k6 === undefined ? null : await probeK6(flags.k6);
  if (flags.resume !== undefined) {
    if (address !== undefined) {
      throw new UsageError('--resume and REPORT exclude each other', 'leave REPORT out: the folder knows it');
    }
    const log = await openShrinkLog(flags.resume);
    await onStand(
      flags,
      k6,
      clock,
      resolve(flags.resume),
      log.start.original.seed,
      null,
      (stand, _, display) =>
        runShrink(stand, log, resolve(flags.resume ?? ''), flags, numbers.maxRuns, display),
    );
    return;
  }
  if (address === undefined) {
    throw new UsageError('REPORT is missing', 'give the folder of a run, for example reports/runs/latest');
  }
  const { report, caseName } = await openRecord(address);
  const failures = chooseFailures(report, {
    caseName,
    cell: flags.cell,
    alsoHeld: flags.pauseAt !== undefined,
  });
  for (const { cell } of failures) checkDefectOf(cell.config['defect']);
  checkPause(flags, failures);
  const start = flags.shrink === true ? startOf(failures, numbers.repeats) : null;
  await checkWritable(flags.out);
  const names = failures.map(({ cell }) => cell.scenario);
  const label = [`${start === null ? 'reproduce' : 'shrink'}-${[...new Set(names)].join('-')}`];
  const { path: folder } = await makeRunFolder(flags.out, new Date(clock.nowMs()), label);
  await onStand(flags, k6, clock, folder, report.seed, report, async (stand, session, display) => {
    if (start !== null) {
      const log = await beginShrinkLog(folder, start);
      await runShrink(stand, log, folder, flags, numbers.maxRuns, display);
      return;
    }
    await runAgain(stand, session, failures, folder, flags, numbers.times, display);
  });
}

/** A stack for the whole command, with a warning of what is otherwise than it was recorded. */
async function onStand(
  flags: ReproduceFlags,
  k6: { readonly path: string; readonly version: string } | null,
  clock: Clock,
  folder: string,
  seed: string,
  recorded: Report | null,
  work: (stand: TestStand, session: HarnessSession, display: Display) => Promise<void>,
): Promise<void> {
  using display = showProgress(process.stderr, clock, flags.quiet === true);
  await using session = await openHarnessSession(flags, clock, (line) => display.note(line));
  const { warden, signal, provider } = session;
  const silent = { phase: () => undefined, applied: () => undefined, healed: () => undefined };
  // Stages of dozens of candidates would bury their results; a terminal shows them in its one living line.
  const shrinking = flags.shrink === true || flags.resume !== undefined;
  const progress = shrinking && process.stderr.isTTY !== true ? silent : display;
  const command = `npm run redcliff -- reproduce ${folder}`;
  await using stand = await openTestStand({
    provider,
    seed,
    folder,
    command,
    clock,
    warden,
    signal,
    k6,
    progress,
  });
  display.stackStarted(stand.stack);
  display.note(`Results in ${folder}`);
  if (recorded !== null) await warnOfDifferences(recorded, stand, k6, (line) => display.note(line));
  await work(stand, session, display);
}

async function runAgain(
  stand: TestStand,
  { signal }: HarnessSession,
  failures: readonly RecordedFailure[],
  folder: string,
  flags: ReproduceFlags,
  times: number,
  display: Display,
): Promise<void> {
  const write = (text: string): void => void process.stderr.write(text);
  const { pauseAt: fault } = flags;
  let started = 0;
  const { repetitions, cutShort } = await reproduce({
    stand,
    failures,
    times,
    folder,
    ...(fault === undefined ? {} : { hold: pauseAt({ fault, input: process.stdin, signal, write }) }),
    starting: (experiment) => {
      display.cellStarted(planOf(experiment), started, failures.length * times);
      started += 1;
    },
    repeated: (repetition) => console.log(renderRepetition(repetition, times)),
  });
  if (cutShort !== null) console.log(`Not all was run: ${cutShort.message}`);
  console.log(renderConclusion(repetitions));
  console.log(`Reports of the runs: ${folder}`);
  process.exitCode = exitOfRepetitions(repetitions, cutShort);
}

async function runShrink(
  stand: TestStand,
  log: ShrinkLog,
  folder: string,
  flags: ReproduceFlags,
  maxRuns: number,
  display: Display,
): Promise<void> {
  const { original, symptom, repeats } = log.start;
  display.note(
    `Shrinking ${symptomText(symptom)} of ${cellName(original)}. A smaller experiment is taken when it fails in one of up to ${repeats} ` +
      `runs; take this up again with: redcliff reproduce --resume ${folder}`,
  );
  const shrunk = await shrinkFailure({ log, stand, folder, maxRuns, note: (line) => display.note(line) });
  if (shrunk === null) {
    console.log(
      `${symptomText(symptom)} of ${cellName(original)} did not show in ${repeats} runs: there is nothing to shrink. ` +
        'What shows rarely needs more: --repeats',
    );
    process.exitCode = exitCodes.held;
    return;
  }
  const { experiment, failed, runs } = shrunk;
  const file = join(folder, `${experiment.scenario}-${symptom.name}.experiment.json`);
  await writeExperimentFile(file, experiment);
  if (flags.write !== undefined) await copyFile(file, flags.write);
  console.log(experiment.title);
  for (const fault of experiment.timeline) console.log(`  ${JSON.stringify(fault)}`);
  console.log(
    `  load ${JSON.stringify(experiment.load)}, processes ${JSON.stringify(experiment.processes)}, world ${JSON.stringify(experiment.world)}`,
  );
  console.log(
    `Failed in ${failed} of ${runs} runs after the search${shrunk.cutShort ? ', which was cut short' : ''}`,
  );
  console.log(`Run it with: redcliff run --experiment ${flags.write ?? file}`);
  process.exitCode = failed > 0 ? exitCodes.violated : exitCodes.unknown;
}

/** Shrinking is about one symptom of one cell: the first, where the user did not name one. */
function startOf(failures: readonly RecordedFailure[], repeats: number): ShrinkStart {
  const [failure, another] = failures;
  const symptom = failure?.symptoms[0];
  if (failure === undefined || symptom === undefined) {
    throw new UsageError(
      '--shrink needs a cell in which something was violated',
      'name another one with --cell',
    );
  }
  if (another !== undefined) {
    throw new UsageError(
      `--shrink works on one cell, but ${failures.length} failed: ${failures.map(({ cell }) => cellName(cell)).join(', ')}`,
      `name one, for example --cell ${failure.cell.scenario}×${failure.cell.outage}`,
    );
  }
  return { original: experimentOf(failure.cell), symptom, repeats };
}

function checkPause({ pauseAt: fault, shrink }: ReproduceFlags, failures: readonly RecordedFailure[]): void {
  if (fault === undefined) return;
  if (shrink === true) {
    throw new UsageError('--pause-at and --shrink exclude each other', 'leave one of them out');
  }
  const planned = new Set(failures.flatMap(({ cell }) => cell.timeline.map((one) => one.fault)));
  if (planned.has(fault)) return;
  throw new UsageError(
    `--pause-at "${fault}" is not in the timeline`,
    `faults in it: ${[...planned].join(', ') || 'none'}`,
  );
}

function checkDefectOf(name: unknown): void {
  if (typeof name === 'string') checkDefect(name);
}

async function warnOfDifferences(
  recorded: Report,
  { stack }: TestStand,
  k6: { readonly path: string; readonly version: string } | null,
  note: (line: string) => void,
): Promise<void> {
  const differences = differencesFrom(recorded, await describeSurroundings(stack, k6));
  for (const difference of differences) note(`Otherwise than recorded: ${difference}`);
}

function wholeNumber(flag: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new UsageError(`${flag} "${text}" is no whole number from 1 on`, `for example ${flag} 5`);
}
