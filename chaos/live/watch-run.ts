/** Watches a run for its live page, beside the display of the terminal: the cell whose load began last, its operations and its faults. */
import type { Cell, FaultRecord } from '../../reports/record/report.ts';
import type { Clock } from '../clock.ts';
import type { CellPlan } from '../experiment/cell-plan.ts';
import type { CellProgress, LaneProgress } from '../experiment/run-cells.ts';
import type { LoadBegun } from '../experiment/run-context.ts';
import { type HistoryTail, tailHistory } from './history-tail.ts';
import { LiveRecord } from './live-record.ts';
import type { LiveState } from './live-state.ts';

export interface RunWatch {
  /** Passes everything on to the display it was made with. */
  readonly progress: CellProgress;
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

export function watchRun(display: CellProgress, clock: Clock): RunWatch {
  const cells = { ended: 0, total: 0, violated: 0 };
  let shown: WatchedCell | null = null;

  const watchLane = (lane: LaneProgress): LaneProgress => {
    let cell: WatchedCell | null = null;
    const at = (stage: string): void => {
      if (cell !== null) cell.stage = stage;
    };
    return {
      cellStarted: (plan: CellPlan, index: number, total: number) => {
        cell = watchedCell(`${plan.experiment.name} × ${plan.outage}`);
        cells.total = total;
        lane.cellStarted(plan, index, total);
      },
      phase: (name) => {
        at(name);
        lane.phase(name);
      },
      loadBegun: (load: LoadBegun) => {
        if (cell !== null) {
          cell.load = { tail: tailHistory(load.historyFile), record: new LiveRecord(load.startMs) };
          shown = cell;
        }
        lane.loadBegun?.(load);
      },
      applied: (fault) => {
        cell?.inForce.set(fault.fault, clock.nowMs());
        cell?.load?.record.applied(fault.fault, clock.nowMs());
        lane.applied(fault);
      },
      healed: (fault) => {
        cell?.inForce.delete(fault.fault);
        cell?.healed.unshift(fault);
        cell?.load?.record.healed(fault.fault, fault.healedMs);
        lane.healed(fault);
      },
      cellEnded: (ended: Cell) => {
        cells.ended += 1;
        if (ended.verdicts.some(({ verdict }) => verdict === 'false')) cells.violated += 1;
        at('ended');
        lane.cellEnded(ended);
      },
    };
  };
  return {
    progress: {
      stackStarted: (stack) => display.stackStarted(stack),
      leftOut: (reason) => display.leftOut(reason),
      lane: () => watchLane(display.lane()),
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
      return stateOf(cell, record, cells, clock.nowMs());
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
        text: `${effect.observed ? 'felt' : 'NOT FELT'}: ${effect.evidence}`,
      })),
    ],
    data: record.chartData(nowMs),
  };
}
