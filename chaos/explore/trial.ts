/** One load with injections, judged as the suite judges: by the same invariants, over those injections that acted. */
import { join } from 'node:path';
import { judge } from '../../reports/checkers/judge.ts';
import type { Operation } from '../../reports/history/operation.ts';
import { readHistory } from '../../reports/history/read-history.ts';
import type { Cell, FaultRecord, Verdict } from '../../reports/record/report.ts';
import { readTrace } from '../../reports/trace/read-trace.ts';
import type { Trace } from '../../reports/trace/trace.ts';
import type { CellOtherwise, Worker } from '../run/campaign.ts';
import { historyFileName, readEvidence, traceFileName } from '../run/cell-folder.ts';
import type { CellPlan } from '../run/plan.ts';

export interface Trial {
  readonly cell: Cell;
  readonly operations: readonly Operation[];
  readonly trace: Trace;
  /** What became of each injection, by its identifier. */
  readonly faults: ReadonlyMap<string, FaultRecord>;
}

/** Null when the harness failed in it; the cell says why. Undefined when the campaign had to end. */
export async function runTrial(
  worker: Worker,
  plan: CellPlan,
  folder: string,
  more: CellOtherwise,
): Promise<Trial | { readonly failed: Cell } | undefined> {
  const cell = await worker.cell(plan, folder, more);
  if (!worker.goOn()) return undefined;
  if (cell.harnessError !== null || cell.phases.length === 0) return { failed: cell };
  const own = join(folder, cell.folder);
  const [{ operations }, evidence, trace] = await Promise.all([
    readHistory(join(own, historyFileName)),
    readEvidence(own),
    readTrace(join(own, traceFileName)),
  ]);
  const observed = cell.faults.filter(({ effect }) => effect.observed);
  // An injection whose call was not made has broken nothing, so it leaves nothing open.
  const judged = { ...evidence, faults: observed };
  const verdicts = judge(operations, judged, plan.scenario.invariants);
  const answerable = operations.filter((operation) => !metPause(operation, observed));
  const timely = judge(answerable, judged, plan.scenario.invariants);
  return {
    cell: {
      ...cell,
      verdicts: verdicts.map((verdict, index) =>
        isDeadline(verdict) ? (timely[index] ?? verdict) : verdict,
      ),
      // They tell of the load as a whole, and here it is the load that is broken on purpose.
      thresholds: cell.thresholds.filter(({ metric }) => !metric.startsWith(loadMetrics)),
    },
    operations,
    trace,
    faults: new Map(cell.faults.map((fault) => [String(fault.parameters['id']), fault])),
  };
}

/** Metrics of the script. */
const loadMetrics = 'redcliff_';

/** A process that is paused answers nothing: how long that took says nothing of the target. */
function metPause({ startedMs, endedMs }: Operation, faults: readonly FaultRecord[]): boolean {
  return faults.some(({ parameters, effect }) => {
    const { happens, forMs } = parameters;
    const atMs = effect.measures['atMs'];
    if (happens !== 'pause' || typeof forMs !== 'number' || atMs === undefined) return false;
    return startedMs <= atMs + forMs + afterPauseMs && atMs <= endedMs;
  });
}

/** What had to wait for a paused process is worked off. */
const afterPauseMs = 500;

/** A violation in which nothing is wrong but the time that a request took. */
function isDeadline({ verdict, witnesses }: Verdict): boolean {
  return verdict === 'false' && witnesses.every(({ facts }) => typeof facts['requestMs'] === 'number');
}
