/** What is told of a run while it goes on: to a terminal, or to the live page. */
import type { Cell } from '../../reports/record/report.ts';
import type { Stack } from '../stack/contract.ts';
import type { CellProgress } from './cell-context.ts';
import type { CellPlan } from './plan.ts';

export interface RunProgress {
  stackStarted(stack: Stack): void;
  /** A cell that cannot run on this stack. */
  leftOut(reason: string): void;
  /** Of one of the workers that run at once. */
  worker(): WorkerProgress;
}

export interface WorkerProgress extends CellProgress {
  cellStarted(plan: CellPlan, index: number, total: number): void;
  cellEnded(cell: Cell): void;
}
