/** One cell, whatever comes of it: a cell that cannot be run to its end says nothing about the system, and why. */
import { join } from 'node:path';
import type { Cell } from '../../reports/record/report.ts';
import { HarnessError } from '../errors.ts';
import type { Stack } from '../stack/contract.ts';
import { makeCellFolder } from './cell-folder.ts';
import type { CellPlan } from './cell-plan.ts';
import { failedCell } from './failed-cell.ts';
import type { RunContext } from './run-context.ts';
import { runExperiment } from './run-experiment.ts';

/** Rejects only when the folder of the cell cannot be made. */
export async function runCell(run: RunContext, plan: CellPlan): Promise<Cell> {
  const { clock, signal, stack } = run;
  const startedMs = clock.nowMs();
  const folder = await makeCellFolder(run.runFolder, plan.experiment.name, plan.outage);
  try {
    const cell = await runExperiment(run, plan, folder);
    // The clients saw a stack that nobody had meant to break: what was found wrong may be the harness's own doing.
    if (stack.unexpectedExits().length > 0)
      throw new HarnessError('the verdicts of this cell are void', 'run redcliff doctor');
    return cell;
  } catch (error) {
    const reason = signal.aborted ? 'interrupted' : describeFailure(error, stack);
    return failedCell(
      plan,
      reason,
      { startedMs, endedMs: clock.nowMs() },
      join('cells', `${plan.experiment.name}-${plan.outage}`),
    );
  }
}

function describeFailure(error: unknown, stack: Stack): string {
  const own = error instanceof Error ? error.message : String(error);
  const exits = stack.unexpectedExits().map(({ part, detail }) => `${part} ended by itself (${detail})`);
  return [own, ...exits].join('; ');
}
