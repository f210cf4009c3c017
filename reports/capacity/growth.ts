/** How a cost grows with a size: the slope on logarithmic axes. 1 is in proportion; an interval clearly above 1 is worse than linear. */
import { z } from 'zod';
import { student975 } from './student.ts';

export const growthVerdicts = ['worse-than-linear', 'linear', 'better-than-linear', 'undecided'] as const;

export const growthFitSchema = z.discriminatedUnion('fitted', [
  z.object({ fitted: z.literal(false), reason: z.string() }),
  z.object({
    fitted: z.literal(true),
    exponent: z.number(),
    low: z.number(),
    high: z.number(),
    /** Between the two largest sizes alone, where a fixed cost no longer hides the growth. */
    exponentAtTop: z.number(),
    verdict: z.enum(growthVerdicts),
    /** cost = factor × size ^ exponent */
    factor: z.number(),
  }),
]);

export type GrowthFit = z.infer<typeof growthFitSchema>;

export interface GrowthPoint {
  readonly size: number;
  /** Seconds, or whatever is spent; above 0. */
  readonly cost: number;
}

const sizesMinimum = 3;
const spreadMinimum = 2.5;
/** An interval that is wider says nothing. */
const widthMax = 1.5;
/** One interval in twenty misses the truth by a little: what is called worse has to be so by more than that. */
const margin = 0.05;

/** Least squares on logarithms, with the interval of 95 % of its slope. Repeats are points of their own. */
export function fitGrowth(points: readonly GrowthPoint[]): GrowthFit {
  const sizes = [...new Set(points.map(({ size }) => size))].toSorted((left, right) => left - right);
  const [smallest = 0, largest = 0] = [sizes[0], sizes.at(-1)];
  if (points.some(({ size, cost }) => !(size > 0) || !(cost > 0)))
    return { fitted: false, reason: 'a size or a cost is not above 0' };
  if (sizes.length < sizesMinimum || points.length <= sizesMinimum - 1)
    return {
      fitted: false,
      reason: `${sizes.length} sizes were measured; at least ${sizesMinimum} are needed`,
    };
  if (largest / smallest < spreadMinimum)
    return { fitted: false, reason: `the largest size is less than ${spreadMinimum} times the smallest` };
  const { slope, intercept, error } = line(points);
  const half = student975(points.length - 2) * error;
  const [low, high] = [slope - half, slope + half];
  return {
    fitted: true,
    exponent: slope,
    low,
    high,
    exponentAtTop: slopeAtTop(points, sizes),
    verdict: verdictOf(low, high),
    factor: Math.exp(intercept),
  };
}

function verdictOf(low: number, high: number): (typeof growthVerdicts)[number] {
  if (low > 1 + margin) return 'worse-than-linear';
  if (high < 1 - margin) return 'better-than-linear';
  return high - low > widthMax ? 'undecided' : 'linear';
}

function line(points: readonly GrowthPoint[]): { slope: number; intercept: number; error: number } {
  const xs = points.map(({ size }) => Math.log(size));
  const ys = points.map(({ cost }) => Math.log(cost));
  const average = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [average(xs), average(ys)];
  const spread = xs.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
  const slope = xs.reduce((sum, x, index) => sum + (x - meanX) * ((ys[index] ?? 0) - meanY), 0) / spread;
  const intercept = meanY - slope * meanX;
  const residual = xs.reduce((sum, x, index) => sum + ((ys[index] ?? 0) - intercept - slope * x) ** 2, 0);
  return { slope, intercept, error: Math.sqrt(residual / (points.length - 2) / spread) };
}

function slopeAtTop(points: readonly GrowthPoint[], sizes: readonly number[]): number {
  const [before = 1, last = 1] = sizes.slice(-2);
  const costOf = (wanted: number) => {
    const costs = points.filter(({ size }) => size === wanted).map(({ cost }) => Math.log(cost));
    return costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  };
  return (costOf(last) - costOf(before)) / Math.log(last / before);
}
