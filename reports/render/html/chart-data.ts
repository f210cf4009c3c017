/** The numbers the page draws, in columns, times in seconds since the start of load: what the charts need and no more. */
import type { Cell, FaultRecord, Phase, Second } from '../../record/report.ts';

export interface ChartData {
  readonly second: number[];
  /** Null in a second that the load did not fill: it would look like a drop. */
  readonly ok: (number | null)[];
  readonly fail: number[];
  readonly info: number[];
  readonly p50: (number | null)[];
  readonly p99: (number | null)[];
  readonly max: (number | null)[];
  /** The commonest kinds, the rest of them together; empty when there were none, or of an older report. */
  readonly errors: { readonly kind: string; readonly count: number[] }[];
  readonly gauges: {
    readonly name: string;
    readonly unit: string;
    readonly time: number[];
    readonly value: number[];
  }[];
  readonly faults: { readonly name: string; readonly from: number; readonly to: number }[];
  readonly phases: { readonly name: string; readonly from: number; readonly to: number }[];
}

/** What of a cell is drawn. */
export type Drawn = Pick<Cell, 'gauges' | 'loadStartMs' | 'seconds'> & {
  /** Absent while the load goes on. */
  readonly loadEndMs?: number;
  readonly faults: readonly Pick<FaultRecord, 'appliedMs' | 'fault' | 'healedMs'>[];
  readonly phases: readonly Pick<Phase, 'endMs' | 'name' | 'startMs'>[];
};

export function chartData(cell: Drawn): ChartData {
  const since = (timeMs: number): number => (timeMs - cell.loadStartMs) / 1000;
  const { seconds, loadEndMs } = cell;
  // A load that was ended a little early has filled its last second all the same.
  const wholeSeconds = loadEndMs === undefined ? Infinity : Math.max(1, since(loadEndMs) + 0.1);
  return {
    // What ended within a second is drawn in its middle.
    second: seconds.map(({ second }) => second + 0.5),
    ok: seconds.map(({ second, ok }) => (second + 1 > wholeSeconds ? null : ok)),
    fail: seconds.map(({ fail }) => fail),
    info: seconds.map(({ info }) => info),
    p50: seconds.map(({ p50Ms }) => p50Ms),
    p99: seconds.map(({ p99Ms }) => p99Ms),
    max: seconds.map(({ maxMs }) => maxMs),
    errors: errorLines(seconds),
    gauges: cell.gauges
      .filter(({ points }) => points.length > 0)
      .map(({ name, unit, points }) => ({
        name,
        unit,
        time: points.map(([atMs]) => atMs / 1000),
        value: points.map(([, value]) => value),
      })),
    faults: cell.faults.map(({ fault, appliedMs, healedMs }) => ({
      name: fault,
      from: since(appliedMs),
      to: since(healedMs),
    })),
    phases: cell.phases.map(({ name, startMs, endMs }) => ({ name, from: since(startMs), to: since(endMs) })),
  };
}

const errorKindsShown = 4;

function errorLines(seconds: readonly Second[]): ChartData['errors'] {
  const totals = new Map<string, number>();
  for (const { errors } of seconds) {
    for (const [kind, count] of Object.entries(errors ?? {}))
      totals.set(kind, (totals.get(kind) ?? 0) + count);
  }
  const kinds = [...totals].toSorted((left, right) => right[1] - left[1]).map(([kind]) => kind);
  const shown = kinds.slice(0, errorKindsShown).map((kind) => ({
    kind,
    count: seconds.map(({ errors }) => errors?.[kind] ?? 0),
  }));
  const others = kinds.slice(errorKindsShown);
  if (others.length === 0) return shown;
  const countOthers = ({ errors = {} }: Second): number =>
    others.reduce((sum, kind) => sum + (errors[kind] ?? 0), 0);
  return [...shown, { kind: 'others', count: seconds.map(countOthers) }];
}
