/** `redcliff reproduce`: runs a recorded failure again, from its record alone; shrinks it; or holds it at a fault. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Report } from '../../reports/record/report.ts';
import { systemClock } from '../clock.ts';
import { checkDefect } from '../defects/load.ts';
import { UsageError } from '../errors.ts';
import { describeSurroundings } from '../experiment/describe-run.ts';
import { chooseK6, type K6Program } from '../experiment/k6-program.ts';
import { needsOf } from '../experiment/needs.ts';
import { differencesFrom } from '../reproduce/differences.ts';
import { planOf } from '../reproduce/experiment-file.ts';
import { pauseAt } from '../reproduce/pause.ts';
import { chooseFailures, openRecord, type RecordedFailure } from '../reproduce/record-address.ts';
import { exitOfRepetitions, renderConclusion, renderRepetition } from '../reproduce/repetitions.ts';
import { reproduce } from '../reproduce/reproduce.ts';
import { beginShrinkLog, openShrinkLog } from '../reproduce/shrink-log.ts';
import { onTestStand, type OpenStand, type StandSetting } from './on-test-stand.ts';
import { checkWritable, makeRunFolder } from './output-folder.ts';
import { runShrink, startOfShrinking } from './reproduce-shrink.ts';
import { addStackOptions, type StackFlags } from './stack-options.ts';
import { parseWholeNumber } from './whole-number.ts';

interface ReproduceFlags extends StackFlags {
  readonly cell?: string;
  readonly times?: string;
  readonly pauseAt?: string;
  readonly shrink?: boolean;
  readonly repeats: string;
  readonly needed: string;
  readonly maxRuns: string;
  readonly resume?: string;
  readonly write?: string;
  readonly out: string;
  readonly k6?: string;
  readonly quiet?: boolean;
}

type K6 = K6Program | null;

export function addReproduceCommand(program: Command): void {
  const command = program
    .command('reproduce')
    .description('run a recorded failure again, from its record alone, and say how often it shows')
    .argument('[report]', 'folder of a run, its report.json, or junit.xml#CASE')
    .option('--cell <name>', 'only this cell, such as turns×redis-down (default: all that failed)')
    .option('--times <number>', 'runs of each cell (default: 3; 1 with --pause-at)')
    .option('--pause-at <fault>', 'hold the run there, with everything up, until Enter is pressed')
    .option('--shrink', 'find a smallest experiment that still fails, and write it to a file')
    .option('--repeats <number>', 'runs that a smaller experiment gets to show the failure', '3')
    .option('--needed <number>', 'how many of them must show it; as many, for what shows always', '1')
    .option('--max-runs <number>', 'runs after which shrinking ends with the smallest so far', '200')
    .option('--resume <folder>', 'take up a shrinking that was cut short; REPORT is left out then')
    .option('--write <file>', 'where the shrunk experiment goes as well, besides the folder')
    .option('--out <folder>', 'where the folder of the reproduction is made', 'reports/runs')
    .option('--k6 <path>', 'a real k6, docker, or built-in (or REDCLIFF_K6; else k6 on PATH, else built-in)')
    .option('--quiet', 'print only the result');
  addStackOptions(command).action(run);
}

const upTo = { most: 999_999, example: 5 };

async function run(address: string | undefined, flags: ReproduceFlags): Promise<void> {
  const numbers = {
    times: parseWholeNumber('--times', flags.times ?? (flags.pauseAt === undefined ? '3' : '1'), upTo),
    repeats: parseWholeNumber('--repeats', flags.repeats, upTo),
    needed: parseWholeNumber('--needed', flags.needed, upTo),
    maxRuns: parseWholeNumber('--max-runs', flags.maxRuns, upTo),
  };
  if (numbers.needed > numbers.repeats) {
    throw new UsageError(
      `--needed ${numbers.needed} is more than --repeats ${numbers.repeats}`,
      'no more runs can show the failure than there are',
    );
  }
  const k6 = await chooseK6(flags.k6, process.env);
  if (flags.resume !== undefined) await resume(flags.resume, address, flags, k6, numbers.maxRuns);
  else await begin(address, flags, k6, numbers);
}

async function resume(
  given: string,
  address: string | undefined,
  flags: ReproduceFlags,
  k6: K6,
  maxRuns: number,
): Promise<void> {
  if (address !== undefined) {
    throw new UsageError('--resume and REPORT exclude each other', 'leave REPORT out: the folder knows it');
  }
  const log = await openShrinkLog(given);
  const folder = resolve(given);
  const { seed, timeline } = log.start.original;
  const needs = [needsOf({ timeline })];
  await onStand({ flags, k6, folder, seed, needs, recorded: null }, ({ stand, note }) =>
    runShrink({ stand, log, folder, maxRuns, write: flags.write, note }),
  );
}

async function begin(
  address: string | undefined,
  flags: ReproduceFlags,
  k6: K6,
  numbers: Readonly<Record<'maxRuns' | 'needed' | 'repeats' | 'times', number>>,
): Promise<void> {
  if (address === undefined) {
    throw new UsageError('REPORT is missing', 'give the folder of a run, for example reports/runs/latest');
  }
  const { report, caseName } = await openRecord(address);
  // A cell that was named is run whatever came of it: its report may have been read for its figures.
  const alsoHeld = flags.pauseAt !== undefined || flags.cell !== undefined;
  const failures = chooseFailures(report, { caseName, cell: flags.cell, alsoHeld });
  for (const { cell } of failures) checkDefectOf(cell.config['defect']);
  checkPause(flags, failures);
  const start = flags.shrink === true ? startOfShrinking(failures, numbers) : null;
  await checkWritable(flags.out);
  const scenarios = [...new Set(failures.map(({ cell }) => cell.scenario))].join('-');
  const label = [`${start === null ? 'reproduce' : 'shrink'}-${scenarios}`];
  const { path: folder } = await makeRunFolder(flags.out, new Date(systemClock.nowMs()), label);
  const needs = failures.map(({ cell }) => needsOf(cell));
  await onStand({ flags, k6, folder, seed: report.seed, needs, recorded: report }, async (open) => {
    if (start === null) {
      await runAgain(open, failures, folder, flags.pauseAt, numbers.times);
      return;
    }
    const { stand, note } = open;
    const log = await beginShrinkLog(folder, start);
    await runShrink({ stand, log, folder, maxRuns: numbers.maxRuns, write: flags.write, note });
  });
}

/** A stack for the whole command, with a warning of what is otherwise than it was recorded. */
async function onStand(
  setting: Omit<StandSetting, 'command' | 'flags' | 'stages'> & {
    readonly flags: ReproduceFlags;
    readonly recorded: Report | null;
  },
  work: (open: OpenStand) => Promise<void>,
): Promise<void> {
  const { flags, k6, folder, recorded } = setting;
  const shrinking = flags.shrink === true || flags.resume !== undefined;
  const stages = shrinking ? 'on a terminal' : 'always';
  await onTestStand({ ...setting, command: `reproduce ${folder}`, stages }, async (open) => {
    open.note(`Results in ${folder}`);
    const here = await describeSurroundings(open.stand.stack, k6);
    for (const difference of recorded === null ? [] : differencesFrom(recorded, here)) {
      open.note(`Otherwise than recorded: ${difference}`);
    }
    await work(open);
  });
}

async function runAgain(
  { stand, lane, signal }: OpenStand,
  failures: readonly RecordedFailure[],
  folder: string,
  fault: string | undefined,
  times: number,
): Promise<void> {
  const write = (text: string): void => void process.stderr.write(text);
  let started = 0;
  const { repetitions, cutShort } = await reproduce({
    stand,
    failures,
    times,
    folder,
    ...(fault === undefined ? {} : { hold: pauseAt({ fault, input: process.stdin, signal, write }) }),
    starting: (experiment) => {
      lane.cellStarted(planOf(experiment), started, failures.length * times);
      started += 1;
    },
    repeated: (repetition) => console.log(renderRepetition(repetition, times)),
  });
  if (cutShort !== null) console.log(`Not all was run: ${cutShort.message}`);
  console.log(renderConclusion(repetitions));
  console.log(`Reports of the runs: ${folder}`);
  process.exitCode = exitOfRepetitions(repetitions, cutShort);
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
