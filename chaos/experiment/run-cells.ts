/** Runs the cells of a command one after the other on one stack, and makes of them one report, also when it is cut short. */
import type { Cell } from '../../reports/record/report.ts';
import type { Clock } from '../clock.ts';
import { HarnessError, InterruptedError } from '../errors.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import type { Warden } from '../process/warden.ts';
import type { Stack, StackProvider } from '../stack/contract.ts';
import type { CellPlan } from './cell-plan.ts';
import { describeRun, type RanReport } from './describe-run.ts';
import { cellsThatCanRun } from './needs.ts';
import { runCell } from './run-cell.ts';
import type { Progress } from './run-context.ts';
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
  readonly k6: { readonly path: string; readonly version: string } | null;
  readonly defect: string | null;
  readonly progress: CellProgress;
}

export interface CellProgress extends Progress {
  stackStarted(stack: Stack): void;
  /** A cell that cannot be run on this stack. */
  leftOut(reason: string): void;
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
  await using folder = await temporaryFolder(warden, 'stack');
  await using stack = await options.provider.start({ folder: folder.path, seed: options.seed, signal });
  progress.stackStarted(stack);
  const plans = cellsThatCanRun(options.plans, stack, {
    askedByName: options.outagesNamed,
    leftOut: (reason) => progress.leftOut(reason),
  });
  const runFolder = options.folder;
  const run = { runFolder, stack, warden, clock, signal, progress, defect, k6: k6?.path ?? null };
  const cells: Cell[] = [];
  let cutShort: Error | null = null;
  for (const [index, plan] of plans.entries()) {
    progress.cellStarted(plan, index, plans.length);
    const cell = await runCell(run, plan);
    cells.push(cell);
    progress.cellEnded(cell);
    if (signal.aborted) {
      cutShort = new InterruptedError(
        'the run was interrupted',
        'run the same command with the same --seed to repeat it',
      );
      break;
    }
    const [gone] = stack.unexpectedExits();
    if (gone !== undefined) {
      cutShort = new HarnessError(
        `${gone.part} of the stack ended by itself: ${gone.detail}`,
        'run redcliff doctor',
      );
      break;
    }
  }
  await keepLogs(stack, runFolder);
  const { id, command, seed } = options;
  const endedMs = clock.nowMs();
  const report = await describeRun({ id, command, seed, startedMs, endedMs, stack, k6, cells });
  return { report, cutShort };
}
