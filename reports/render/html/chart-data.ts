/** The numbers the page draws, in columns, times in seconds since the start of load: what the charts need and no more. */
import type { Cell } from '../../record/report.ts';

export interface ChartData {
  readonly second: number[];
  readonly ok: number[];
  readonly fail: number[];
  readonly info: number[];
  readonly p50: (number | null)[];
  readonly p99: (number | null)[];
  readonly max: (number | null)[];
  readonly gauges: {
    readonly name: string;
    readonly unit: string;
    readonly time: number[];
    readonly value: number[];
  }[];
  readonly faults: { readonly name: string; readonly from: number; readonly to: number }[];
  readonly phases: { readonly name: string; readonly from: number; readonly to: number }[];
}

export function chartData(cell: Cell): ChartData {
  const since = (timeMs: number): number => (timeMs - cell.loadStartMs) / 1000;
  const { seconds } = cell;
  return {
    // What ended within a second is drawn in its middle.
    second: seconds.map(({ second }) => second + 0.5),
    ok: seconds.map(({ ok }) => ok),
    fail: seconds.map(({ fail }) => fail),
    info: seconds.map(({ info }) => info),
    p50: seconds.map(({ p50Ms }) => p50Ms),
    p99: seconds.map(({ p99Ms }) => p99Ms),
    max: seconds.map(({ maxMs }) => maxMs),
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
