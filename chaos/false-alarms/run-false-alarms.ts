/**
 * Repeats cells with new seeds on the system as it is and keeps what each said, so that the rate of false alarms is a measurement and
 * no hope. Outcomes are kept as they come: what was cut short is taken up where it ended.
 */
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { HarnessError, InterruptedError } from '../errors.ts';
import type { CellPlan } from '../experiment/cell-plan.ts';
import { describeCommit } from '../experiment/environment.ts';
import { inLanes, startStacks } from '../experiment/lanes.ts';
import { runCell } from '../experiment/run-cell.ts';
import type { Progress } from '../experiment/run-context.ts';
import type { Warden } from '../process/warden.ts';
import type { Stack, StackProvider } from '../stack/contract.ts';
import { outcomeOf, outcomeSchema, type CellOutcome } from './outcome.ts';

/** A cell of one round. */
export interface Repetition {
  readonly round: number;
  readonly plan: CellPlan;
}

export interface FalseAlarmOptions {
  readonly provider: StackProvider;
  /** Round by round, so that a campaign that is cut short has run every cell equally often. */
  readonly repetitions: readonly Repetition[];
  readonly seed: string;
  readonly lanes: number;
  /** Folder of the campaign, made by the caller. */
  readonly folder: string;
  readonly clock: Clock;
  readonly warden: Warden;
  readonly signal: AbortSignal;
  readonly progress: {
    stackStarted(stack: Stack): void;
    ended(outcome: CellOutcome, done: number, total: number): void;
  };
}

/** Throws InterruptedError when it is interrupted, HarnessError when a stack ends by itself; what was run until then is kept. */
export async function runFalseAlarms(options: FalseAlarmOptions): Promise<readonly CellOutcome[]> {
  const known = await readOutcomes(options.folder);
  const missing = options.repetitions.filter(
    ({ plan, round }) => !known.some((outcome) => isOf(outcome, plan, round)),
  );
  const run = missing.length === 0 ? [] : await runMissing(options, missing, known.length);
  return [...known, ...run];
}

function isOf(outcome: CellOutcome, plan: CellPlan, round: number): boolean {
  return (
    outcome.scenario === plan.experiment.name && outcome.outage === plan.outage && outcome.round === round
  );
}

/** The stages of hundreds of cells would bury their results. */
const silent: Progress = { phase: () => undefined, applied: () => undefined, healed: () => undefined };

async function runMissing(
  options: FalseAlarmOptions,
  missing: readonly Repetition[],
  before: number,
): Promise<readonly CellOutcome[]> {
  const { clock, warden, signal, lanes, folder, progress } = options;
  const commit = await describeCommit();
  await using owner = new AsyncDisposableStack();
  const stacks = await startStacks(options, Math.min(lanes, missing.length), owner);
  for (const stack of stacks.slice(0, 1)) progress.stackStarted(stack);
  const gone = () => stacks.flatMap((stack) => stack.unexpectedExits());
  const goOn = (): boolean => !signal.aborted && gone().length === 0;
  let done = before;
  const outcomes = await inLanes(missing, stacks, goOn, async ({ plan, round }, _index, stack) => {
    const runFolder = join(folder, `round-${round}`);
    await mkdir(runFolder, { recursive: true });
    const run = { runFolder, stack, warden, clock, signal, lanes, progress: silent, k6: null, defect: null };
    const cell = await runCell(run, plan);
    if (!goOn()) return undefined;
    const outcome = outcomeOf(cell, round, commit);
    await appendFile(outcomesFile(folder), `${JSON.stringify(outcome)}\n`);
    // A cell in which everything held has nothing to tell; hundreds of them fill a disk.
    if (outcome.result === 'held') await rm(join(runFolder, cell.folder), { recursive: true });
    done += 1;
    progress.ended(outcome, done, options.repetitions.length);
    return outcome;
  });
  if (signal.aborted) {
    throw new InterruptedError('the campaign was interrupted', `take it up with --resume ${folder}`);
  }
  for (const { part, detail } of gone()) {
    throw new HarnessError(
      `${part} of the stack ended by itself: ${detail}`,
      `run redcliff doctor, then take the campaign up with --resume ${folder}`,
    );
  }
  return outcomes.filter((outcome) => outcome !== undefined);
}

export function outcomesFile(folder: string): string {
  return join(folder, 'outcomes.ndjson');
}

/** Outcomes of the earlier part of a campaign. Of a line that was cut off in the middle nothing is known. */
async function readOutcomes(folder: string): Promise<readonly CellOutcome[]> {
  const text = await readFile(outcomesFile(folder), 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => outcomeSchema.parse(JSON.parse(line)));
}
