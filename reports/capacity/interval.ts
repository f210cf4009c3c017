/** Intervals of confidence, and how they are taken from resamples. */
import { z } from 'zod';

/** A bound that is null lies beyond anything: "at least" or "at most". */
export const intervalSchema = z.object({ low: z.number().nullable(), high: z.number().nullable() });
export type Interval = z.infer<typeof intervalSchema>;

export const confidence = 0.95;

/** Percentile interval (Efron 1979) of 95 % over resamples, at least one; what is not finite becomes an open bound. */
export function percentileInterval(resamples: readonly number[]): Interval {
  const sorted = Float64Array.from(resamples).sort();
  const at = (part: number): number | null => {
    const index = Math.min(sorted.length - 1, Math.max(0, Math.round(part * (sorted.length - 1))));
    return finite(sorted[index] ?? Number.NaN);
  };
  const tail = (1 - confidence) / 2;
  return { low: at(tail), high: at(1 - tail) };
}

export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Middle of the values; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
