/**
 * Runs the cells of a command, one after the other on a stack, or in several lanes with a stack each, and makes of them one report,
 * also when it is cut short.
 */
import { join } from 'node:path';
import type { Cell } from '../../reports/record/report.ts';
import type { Clock } from '../clock.ts';
import type { Warden } from '../process/warden.ts';
import type { Stack, StackProvider } from '../stack/contract.ts';
import type { CellPlan } from './cell-plan.ts';
import { describeRun, type RanReport } from './describe-run.ts';
import type { K6Program } from './k6-program.ts';
import { cellsThatCanRun } from './needs.ts';
import { runCell } from './run-cell.ts';
import type { Progress } from './run-context.ts';
import { Lanes } from './lanes.ts';
import { keepLogs } from './run-folder.ts';

export interface RunOptions {
  readonly provider: StackProvider;
  readonly plans: readonly CellPlan[];
  /** Whether the user named the outages: then a cell that cannot be run here is refused, not left out. */
  readonly outagesNamed: boolean;
  readonly seed: string;
  readonly command: string;
  readonly id: string;
  /** Folder of this run, made by the caller. */
  readonly folder: string;
  readonly clock: Clock;
  readonly warden: Warden;
  readonly signal: AbortSignal;
  /** Cells that are run at once, each on a stack of its own. */
  readonly lanes: number;
  readonly k6: K6Program | null;
  readonly defect: string | null;
  readonly progress: CellProgress;
}

export interface CellProgress {
  stackStarted(stack: Stack): void;
  /** A cell that cannot be run on this stack. */
  leftOut(reason: string): void;
  /** Of one of the cells that are run at once. */
  lane(): LaneProgress;
}

export interface LaneProgress extends Progress {
  cellStarted(plan: CellPlan, index: number, total: number): void;
  cellEnded(cell: Cell): void;
}

/** `cutShort`: why not all cells were run, if so. */
export interface CellsResult {
  readonly report: RanReport;
  readonly cutShort: Error | null;
}

export async function runCells(options: RunOptions): Promise<CellsResult> {
  const { clock, signal, warden, progress, defect, k6 } = options;
  const startedMs = clock.nowMs();
  await using lanes = await Lanes.open(options, Math.min(options.lanes, options.plans.length));
  const { first, stacks } = lanes;
  progress.stackStarted(first);
  const plans = cellsThatCanRun(options.plans, first, {
    askedByName: options.outagesNamed,
    leftOut: (reason) => progress.leftOut(reason),
  });
  const runFolder = options.folder;
  // As many as run side by side: what was asked for may be more than there are cells.
  const inLanes = Math.min(stacks.length, plans.length);
  const common = { runFolder, warden, clock, signal, defect, k6, lanes: inLanes };
  const cells = await lanes.work(plans, (stack) => {
    const own = progress.lane();
    return async (plan, index) => {
      own.cellStarted(plan, index, plans.length);
      const cell = await runCell({ ...common, stack, progress: own }, plan);
      own.cellEnded(cell);
      return cell;
    };
  });
  for (const [index, stack] of stacks.entries()) {
    await keepLogs(stack, index === 0 ? runFolder : join(runFolder, `lane-${index + 1}`));
  }
  const { id, command, seed } = options;
  const report = await describeRun({
    id,
    command,
    seed,
    startedMs,
    endedMs: clock.nowMs(),
    stack: first,
    k6,
    cells: cells.filter((cell) => cell !== undefined),
  });
  return { report, cutShort: lanes.whyCutShort(cutShort) };
}

const cutShort = {
  work: 'the run',
  remedies: {
    interrupted: 'run the same command with the same --seed to repeat it',
    stackEnded: 'run redcliff doctor',
  },
};
