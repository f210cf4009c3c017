/** Watches a run for its live page, beside the display of the terminal: the cell whose load began last, its operations and its faults. */
import type { Cell, FaultRecord } from '../../reports/record/report.ts';
import type { Clock } from '../clock.ts';
import type { LoadBegun } from '../run/cell-context.ts';
import { type CellPlan, cellName } from '../run/plan.ts';
import type { RunProgress, WorkerProgress } from '../run/progress.ts';
import { type HistoryTail, tailHistory } from './history-tail.ts';
import { LiveRecord } from './live-record.ts';
import type { LiveState } from './live-state.ts';

export interface RunWatch {
  /** Passes everything on to the display it was made with. */
  readonly progress: RunProgress;
  /** Null before the first load. */
  read(): Promise<LiveState | null>;
}

interface WatchedCell {
  readonly name: string;
  stage: string;
  load: { readonly tail: HistoryTail; readonly record: LiveRecord } | null;
  readonly inForce: Map<string, number>;
  readonly healed: FaultRecord[];
  errors: number;
  operations: number;
}

export function watchRun(display: RunProgress, clock: Clock): RunWatch {
  // By the position of the cell: one that runs a second time counts once.
  const ended = new Map<number, { readonly violated: boolean }>();
  let total = 0;
  let shown: WatchedCell | null = null;

  const watchWorker = (worker: WorkerProgress): WorkerProgress => {
    let cell: WatchedCell | null = null;
    let position = 0;
    const at = (stage: string): void => {
      if (cell !== null) cell.stage = stage;
    };
    return {
      cellStarted: (plan: CellPlan, index: number, of: number) => {
        cell = watchedCell(cellName(plan));
        position = index;
        ended.delete(position);
        total = of;
        worker.cellStarted(plan, index, of);
      },
      phase: (name) => {
        at(name);
        worker.phase(name);
      },
      loadBegun: (load: LoadBegun) => {
        if (cell !== null) {
          cell.load = { tail: tailHistory(load.historyFile), record: new LiveRecord(load.startMs) };
          shown = cell;
        }
        worker.loadBegun?.(load);
      },
      applied: (planned) => {
        cell?.inForce.set(planned.fault.name, clock.nowMs());
        cell?.load?.record.applied(planned.fault.name, clock.nowMs());
        worker.applied(planned);
      },
      healed: (fault) => {
        cell?.inForce.delete(fault.fault);
        cell?.healed.unshift(fault);
        cell?.load?.record.healed(fault.fault, fault.healedMs);
        worker.healed(fault);
      },
      cellEnded: (record: Cell) => {
        const violated = record.verdicts.some(({ verdict }) => verdict === 'false');
        ended.set(position, { violated });
        at('ended');
        worker.cellEnded(record);
      },
    };
  };
  return {
    progress: {
      stackStarted: (stack) => display.stackStarted(stack),
      leftOut: (reason) => display.leftOut(reason),
      worker: () => watchWorker(display.worker()),
    },
    read: async () => {
      const cell = shown;
      if (cell === null || cell.load === null) return null;
      const { tail, record } = cell.load;
      for (const operation of await tail.read()) {
        cell.operations += 1;
        if (operation.type !== 'ok') cell.errors += 1;
        record.add(operation);
      }
      const violated = [...ended.values()].filter((each) => each.violated).length;
      return stateOf(cell, record, { ended: ended.size, total, violated }, clock.nowMs());
    },
  };
}

function watchedCell(name: string): WatchedCell {
  return { name, stage: 'preparing', load: null, inForce: new Map(), healed: [], errors: 0, operations: 0 };
}

function stateOf(
  cell: WatchedCell,
  record: LiveRecord,
  cells: { readonly ended: number; readonly total: number; readonly violated: number },
  nowMs: number,
): LiveState {
  return {
    title: cell.name,
    stage: cell.stage,
    facts: [
      { name: 'cells ended', value: `${cells.ended} of ${cells.total}` },
      { name: 'with a violation', value: String(cells.violated) },
      { name: 'operations', value: String(cell.operations) },
      { name: 'not ok', value: String(cell.errors) },
    ],
    faults: [
      ...[...cell.inForce].map(([fault, sinceMs]) => ({
        fault,
        inForce: true,
        text: `since ${((nowMs - sinceMs) / 1_000).toFixed(0)} s`,
      })),
      ...cell.healed.map(({ fault, effect }) => ({
        fault,
        inForce: false,
        text: `${effect.observed ? 'effect observed' : 'NO EFFECT OBSERVED'}: ${effect.evidence}`,
      })),
    ],
    data: record.chartData(nowMs),
  };
}
