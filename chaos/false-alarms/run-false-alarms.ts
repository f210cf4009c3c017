/**
 * Repeats cells with new seeds on the system as it is and keeps what each said, so that the rate of false alarms is a measurement and
 * no hope. Outcomes are kept as they come: what was cut short is taken up where it ended.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { CellPlan } from '../experiment/cell-plan.ts';
import { describeCommit } from '../experiment/environment.ts';
import { Lanes, takeUp } from '../experiment/lanes.ts';
import { OutcomeLog } from '../experiment/outcome-log.ts';
import { runCell } from '../experiment/run-cell.ts';
import { silentProgress } from '../experiment/run-context.ts';
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
  const log = new OutcomeLog(options.folder, outcomeSchema);
  const known = await log.read();
  const missing = options.repetitions.filter(
    ({ plan, round }) => !known.some((outcome) => isOf(outcome, plan, round)),
  );
  if (missing.length > 0) await runMissing(options, missing, log, known.length);
  return await log.read();
}

function isOf(outcome: CellOutcome, plan: CellPlan, round: number): boolean {
  return (
    outcome.scenario === plan.experiment.name && outcome.outage === plan.outage && outcome.round === round
  );
}

async function runMissing(
  options: FalseAlarmOptions,
  missing: readonly Repetition[],
  log: OutcomeLog<CellOutcome>,
  before: number,
): Promise<void> {
  const { clock, warden, signal, folder, progress, repetitions } = options;
  const commit = await describeCommit();
  await using lanes = await Lanes.open(options, Math.min(options.lanes, missing.length));
  progress.stackStarted(lanes.first);
  const common = {
    warden,
    clock,
    signal,
    lanes: options.lanes,
    progress: silentProgress,
    k6: null,
    defect: null,
  };
  let done = before;
  await lanes.work(missing, (stack) => async ({ plan, round }) => {
    const runFolder = join(folder, `round-${round}`);
    await mkdir(runFolder, { recursive: true });
    const cell = await runCell({ ...common, runFolder, stack }, plan);
    if (!lanes.goOn) return;
    const outcome = outcomeOf(cell, round, commit);
    await log.add(outcome);
    // A cell in which everything held has nothing to tell; hundreds of them fill a disk.
    if (outcome.result === 'held') await rm(join(runFolder, cell.folder), { recursive: true });
    done += 1;
    progress.ended(outcome, done, repetitions.length);
  });
  const cutShort = lanes.whyCutShort({ work: 'the campaign', remedies: takeUp('campaign', folder) });
  if (cutShort !== null) throw cutShort;
}
