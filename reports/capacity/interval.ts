/** Confidence intervals: from resamples, and for a mean or a slope from few points. */
import { z } from 'zod';

/** A bound that is null is open: "at least" or "at most". */
export const intervalSchema = z.object({ low: z.number().nullable(), high: z.number().nullable() });
export type Interval = z.infer<typeof intervalSchema>;

const confidence = 0.95;

/** Percentile interval (Efron 1979) of 95 % over resamples, at least one; a bound that is not finite is open. */
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

export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** Half the width of the 95 % interval of the slope, by Student's t. */
  readonly slopeHalfWidth: number;
}

/** Least squares through at least three points of at least two different x. */
export function fitLine(points: readonly { readonly x: number; readonly y: number }[]): Line {
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const intercept = meanY - slope * meanX;
  const residual = points.reduce((sum, { x, y }) => sum + (y - intercept - slope * x) ** 2, 0);
  const degrees = points.length - 2;
  return { slope, intercept, slopeHalfWidth: student975(degrees) * Math.sqrt(residual / degrees / spread) };
}

/** 97.5 % quantiles of Student's t for 1, 2, … degrees of freedom; beyond the table the normal distribution's. */
const quantiles975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
export const normal975 = 1.96;

/** For a two-sided interval of 95 %. `degrees` is at least 1. */
export function student975(degrees: number): number {
  return quantiles975[degrees - 1] ?? normal975;
}
