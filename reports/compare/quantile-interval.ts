/**
 * How sure one may be of a quantile when there are only its operations and too few seconds: the order statistics between
 * which it lies, for any distribution. It takes the operations for independent, which within a second they are not,
 * so only differences far beyond the interval may be concluded from it.
 */
import { percentileMs, type Histogram } from '../statistics/histogram.ts';

/** Normal quantile of a two-sided interval of 99 %. */
const z = 2.576;

/** Interval in milliseconds, or null when there are too few operations for the quantile (0–1) to have one. */
export function quantileInterval(
  histogram: Histogram,
  quantile: number,
): { lowMs: number; highMs: number } | null {
  const count = histogram.totalCount;
  const middle = count * quantile;
  const reach = z * Math.sqrt(count * quantile * (1 - quantile));
  const [low, high] = [Math.floor(middle - reach), Math.ceil(middle + reach) + 1];
  if (low < 1 || high > count) return null;
  return {
    lowMs: percentileMs(histogram, (100 * low) / count),
    highMs: percentileMs(histogram, (100 * high) / count),
  };
}
