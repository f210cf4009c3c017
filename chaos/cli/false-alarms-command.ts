/** `redcliff false-alarms`: repeats the cells of a suite on the system as it is; whatever is accused there is accused wrongly. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { exitCodes } from '../errors.ts';
import { planCells } from '../experiment/cell-plan.ts';
import { describeMachine } from '../experiment/environment.ts';
import { lanesOn } from '../experiment/lanes.ts';
import { cellsThatCanRun, lackingFor, needsOf, offeredBy } from '../experiment/needs.ts';
import { folderToResume } from '../experiment/outcome-log.ts';
import { parseSuite } from '../experiment/suites.ts';
import type { CellOutcome } from '../false-alarms/outcome.ts';
import { recordOf, renderTally } from '../false-alarms/render.ts';
import { runFalseAlarms, type Repetition } from '../false-alarms/run-false-alarms.ts';
import type { StackProvider } from '../stack/contract.ts';
import { openHarnessSession } from './harness-session.ts';
import { parseLanes } from './lanes-option.ts';
import { checkWritable, makeRunFolder } from './output-folder.ts';
import { showProgress } from './progress.ts';
import { parseWholeNumber } from './whole-number.ts';

interface FalseAlarmFlags {
  readonly suite: string;
  readonly outage?: string[];
  readonly times: string;
  readonly seed: string;
  readonly lanes?: string;
  readonly stack: string;
  readonly out: string;
  readonly resume?: string;
  readonly record?: boolean;
  readonly quiet?: boolean;
}

const recordFile = fileURLToPath(new URL('../../reports/recorded/false-alarms/record.json', import.meta.url));

export function addFalseAlarmsCommand(program: Command): void {
  program
    .command('false-alarms')
    .description('repeat cells with new seeds on the system as it is: nothing may be accused')
    .argument('[scenario...]', 'all of the suite when none is named')
    .option('--suite <name>', 'ci or smoke', 'ci')
    .option('--outage <name...>', 'only these outages')
    .option('--times <n>', 'rounds, each with a seed of its own', '6')
    .option('--seed <text>', 'what every round’s seed begins with', 'false-alarms')
    .option('--lanes <n>', 'cells at once, each on a stack of its own (default: 2)')
    .option('--stack <provider>', 'auto or local', 'auto')
    .option('--out <folder>', 'where the folder of the campaign is made', 'reports/runs')
    .option('--resume <folder>', 'take up a campaign that was cut short: only what has no outcome yet is run')
    .option('--record', 'keep the result in reports/recorded/false-alarms')
    .option('--quiet', 'print only the result')
    .action(falseAlarms);
}

async function falseAlarms(scenarios: string[], flags: FalseAlarmFlags): Promise<void> {
  const planned = planRepetitions(scenarios, flags);
  const asked = parseLanes(flags.lanes);
  const clock = systemClock;
  const folder = await outputFolder(flags, new Date(clock.nowMs()));
  using progress = showProgress(process.stderr, clock, flags.quiet === true);
  const note = (line: string): void => progress.note(line);
  const needs = planned.map(({ plan }) => needsOf(plan));
  await using session = await openHarnessSession(flags, clock, note, needs);
  const repetitions = possibleOn(session.provider, planned, flags, note);
  note(`Seed ${flags.seed}, ${repetitions.length} cells, results in ${folder}`);
  const outcomes = await runFalseAlarms({
    ...session,
    repetitions,
    seed: flags.seed,
    lanes: lanesOn(session.provider, asked, true),
    folder,
    clock,
    progress: {
      stackStarted: (stack) => progress.stackStarted(stack),
      ended: (outcome, done, total) => note(`[${done}/${total}] ${describe(outcome)}`),
    },
  });
  if (flags.record === true) await keepRecord(outcomes);
  console.log(renderTally(outcomes));
  process.exitCode = exitOf(outcomes);
}

/** A cell that cannot be run there is named once, and left out of every round. */
function possibleOn(
  provider: StackProvider,
  planned: readonly Repetition[],
  flags: FalseAlarmFlags,
  note: (line: string) => void,
): readonly Repetition[] {
  const able = offeredBy(provider);
  const firstRound = planned.filter(({ round }) => round === 1).map(({ plan }) => plan);
  cellsThatCanRun(firstRound, able, {
    askedByName: flags.outage !== undefined,
    leftOut: (reason) => note(`Left out: ${reason}`),
  });
  return planned.filter(({ plan }) => lackingFor(plan, able).length === 0);
}

function describe({ scenario, outage, seed, result, remarks }: CellOutcome): string {
  return [`${scenario} × ${outage}, seed ${seed}: ${result}`, ...remarks].join('; ');
}

/** 0 when nothing was accused, 1 when something was, 70 when the harness failed in a cell. */
function exitOf(outcomes: readonly CellOutcome[]): number {
  if (outcomes.some(({ result }) => result === 'accused')) return exitCodes.violated;
  return outcomes.some(({ result }) => result === 'failed') ? exitCodes.harness : exitCodes.held;
}

function planRepetitions(scenarios: readonly string[], flags: FalseAlarmFlags): readonly Repetition[] {
  const times = parseWholeNumber('--times', flags.times, { most: 9_999, example: 6 });
  const suite = parseSuite(flags.suite);
  return Array.from({ length: times }, (_, index) => index + 1).flatMap((round) =>
    planCells({
      scenarios,
      outages: flags.outage ?? [],
      suite,
      seed: `${flags.seed}-${round}`,
      durationMs: undefined,
    }).map((plan) => ({ round, plan })),
  );
}

async function keepRecord(outcomes: readonly CellOutcome[]): Promise<void> {
  const machine = describeMachine();
  await mkdir(dirname(recordFile), { recursive: true });
  await writeFile(recordFile, `${JSON.stringify(recordOf(outcomes, machine), null, 1)}\n`);
}

async function outputFolder(flags: FalseAlarmFlags, startedAt: Date): Promise<string> {
  if (flags.resume !== undefined) return await folderToResume(flags.resume, 'campaign');
  await checkWritable(flags.out);
  return (await makeRunFolder(flags.out, startedAt, ['false-alarms'])).path;
}
