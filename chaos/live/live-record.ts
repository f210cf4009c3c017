/** The data so far of a run or target that is still going on, in the form in which a report draws it. */
import type { Operation } from '../../reports/history/operation.ts';
import type { Gauge } from '../../reports/record/report.ts';
import { type ChartData, chartData } from '../../reports/render/html/chart-data.ts';
import { summarise } from '../../reports/statistics/summarise.ts';

/** Older data is dropped: the page shows the present, and memory must not grow. */
const keptMs = 300_000;
const keptSeconds = keptMs / 1_000;

interface SeenFault {
  readonly fault: string;
  readonly appliedMs: number;
  healedMs: number | null;
}

/** Times are epoch milliseconds. */
export class LiveRecord {
  readonly #startMs: number;
  readonly #gauges = new Map<string, Gauge>();
  #operations: Operation[] = [];
  #faults: SeenFault[] = [];

  /** Seconds are counted from `startMs`. */
  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  add(operation: Operation): void {
    this.#operations.push(operation);
  }

  /** Null for a value that could not be read. */
  gauge(name: string, unit: string, atMs: number, value: number | null): void {
    if (value === null) return;
    const gauge = this.#gauges.get(name) ?? { name, unit, points: [] };
    gauge.points.push([atMs - this.#startMs, value]);
    this.#gauges.set(name, gauge);
  }

  applied(fault: string, atMs: number): void {
    this.#faults.push({ fault, appliedMs: atMs, healedMs: null });
  }

  healed(fault: string, atMs: number): void {
    const open = this.#faults.find((seen) => seen.fault === fault && seen.healedMs === null);
    if (open !== undefined) open.healedMs = atMs;
  }

  /** A fault that is in force reaches to `nowMs`. The second that has just begun is left out: it would look like a drop. */
  chartData(nowMs: number): ChartData {
    this.#forget(nowMs - keptMs);
    const endMs = Math.max(nowMs, this.#startMs + 1);
    const whole = Math.floor((endMs - this.#startMs) / 1_000);
    const { seconds } = summarise(this.#operations, [], this.#startMs, endMs);
    return chartData({
      loadStartMs: this.#startMs,
      seconds: seconds.filter(({ second }) => second < whole).slice(-keptSeconds),
      gauges: [...this.#gauges.values()],
      faults: this.#faults.map(({ fault, appliedMs, healedMs }) => ({
        fault,
        appliedMs,
        healedMs: healedMs ?? nowMs,
      })),
      phases: [],
    });
  }

  #forget(beforeMs: number): void {
    this.#operations = this.#operations.filter(({ endedMs }) => endedMs >= beforeMs);
    this.#faults = this.#faults.filter(({ healedMs }) => healedMs === null || healedMs >= beforeMs);
    for (const gauge of this.#gauges.values()) {
      gauge.points = gauge.points.filter(([atMs]) => atMs >= beforeMs - this.#startMs);
    }
  }
}
