/** Puts the runs of each cell in a row, those apart whose figures may not be compared. Pure. */
import { sameJson } from '../record/same-json.ts';
import type { CellPoint, RunSummary } from './run-summary.ts';

export interface TrendPoint {
  /** Place of the run among all, from 0. */
  readonly run: number;
  readonly cell: CellPoint;
}

/** Runs of one cell in one environment under one load, oldest first. */
export interface Trend {
  readonly points: readonly TrendPoint[];
}

export interface CellTrends {
  readonly scenario: string;
  readonly fault: string;
  /** Of all its runs, whatever their kind, oldest first. */
  readonly all: readonly TrendPoint[];
  /** The kind that was run most comes first. */
  readonly trends: readonly Trend[];
}

/** `runs` oldest first. Cells come in the order of the newest run, then those it did not have. */
export function trendsOf(runs: readonly RunSummary[]): CellTrends[] {
  const cells = new Map<string, TrendPoint[]>();
  for (const [run, { cells: points }] of [...runs.entries()].toReversed()) {
    for (const cell of points) {
      const name = `${cell.scenario} × ${cell.fault}`;
      cells.set(name, [{ run, cell }, ...(cells.get(name) ?? [])]);
    }
  }
  return [...cells.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    const { scenario, fault } = first.cell;
    return [{ scenario, fault, all, trends: byKind(all) }];
  });
}

function byKind(all: readonly TrendPoint[]): Trend[] {
  const groups: TrendPoint[][] = [];
  for (const point of all) {
    const group = groups.find(([first]) => first !== undefined && sameJson(first.cell.kind, point.cell.kind));
    if (group === undefined) groups.push([point]);
    else group.push(point);
  }
  return groups.toSorted((left, right) => right.length - left.length).map((points) => ({ points }));
}
