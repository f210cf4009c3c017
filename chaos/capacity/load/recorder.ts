/** Records every request, and decides while the load runs whether enough of it was steady. */
import { relativeHalfWidth, steadyFrom } from '../../../reports/capacity/steady-window.ts';
import type { Samples } from './job.ts';

/** Width of the observations that the steady window consists of. */
export const observationMs = 20;
/** Relative half-width of the confidence interval that the rate must not exceed; for the mean latency twice that. */
const halfWidthMax = 0.05;
const steadyMsMin = 800;
const growth = 2;

export class Recorder {
  #intendedMs = new Float64Array(4_096);
  #startedMs = new Float64Array(4_096);
  #endedMs = new Float64Array(4_096);
  #status = new Uint16Array(4_096);
  #count = 0;

  add(intendedMs: number, startedMs: number, endedMs: number, status: number): void {
    if (this.#count === this.#status.length) this.#grow();
    this.#intendedMs[this.#count] = intendedMs;
    this.#startedMs[this.#count] = startedMs;
    this.#endedMs[this.#count] = endedMs;
    this.#status[this.#count] = status;
    this.#count += 1;
  }

  samples(): Samples {
    return {
      intendedMs: this.#intendedMs.slice(0, this.#count),
      startedMs: this.#startedMs.slice(0, this.#count),
      endedMs: this.#endedMs.slice(0, this.#count),
      status: this.#status.slice(0, this.#count),
    };
  }

  /** Whether there is a steady window until `nowMs` that is long enough to know the latency, and a rate that was not given, precisely enough. */
  settled(nowMs: number, rateIsGiven: boolean): boolean {
    const series = observe(this.samples(), nowMs);
    const { from, steady } = steadyWindow(series);
    return (
      steady &&
      (series.ended.length - from) * observationMs >= steadyMsMin &&
      (rateIsGiven || relativeHalfWidth(series.ended.slice(from)) <= halfWidthMax) &&
      relativeHalfWidth(series.latencyMs.slice(from)) <= 2 * halfWidthMax
    );
  }

  #grow(): void {
    const length = growth * this.#count;
    const status = new Uint16Array(length);
    status.set(this.#status);
    this.#status = status;
    this.#intendedMs = grown(this.#intendedMs, length);
    this.#startedMs = grown(this.#startedMs, length);
    this.#endedMs = grown(this.#endedMs, length);
  }
}

function grown(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(length);
  longer.set(values);
  return longer;
}

export interface Observations {
  /** Requests that ended in each observation. */
  readonly ended: readonly number[];
  /** Their mean latency; that of the observation before where none ended. */
  readonly latencyMs: readonly number[];
}

/** Whole observations until `untilMs`. */
export function observe({ intendedMs, endedMs }: Samples, untilMs: number): Observations {
  const length = Math.max(0, Math.floor(untilMs / observationMs));
  const ended = Array.from({ length }, () => 0);
  const sums = Array.from({ length }, () => 0);
  for (const [index, endMs] of endedMs.entries()) {
    const at = Math.floor(endMs / observationMs);
    if (at >= length) continue;
    ended[at] = (ended[at] ?? 0) + 1;
    sums[at] = (sums[at] ?? 0) + endMs - (intendedMs[index] ?? endMs);
  }
  let last = 0;
  const latencyMs = sums.map((sum, index) => {
    const count = ended[index] ?? 0;
    if (count > 0) last = sum / count;
    return last;
  });
  return { ended, latencyMs };
}

/** The window in which both the rate and the latency are steady; the second half when they never became so. */
export function steadyWindow({ ended, latencyMs }: Observations): {
  readonly from: number;
  readonly steady: boolean;
} {
  const byRate = steadyFrom(ended);
  const byLatency = steadyFrom(latencyMs);
  const steady = byRate.steady && byLatency.steady;
  return { steady, from: steady ? Math.max(byRate.from, byLatency.from) : Math.floor(ended.length / 2) };
}
