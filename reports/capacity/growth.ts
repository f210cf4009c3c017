/** How a cost grows with a size: the slope on logarithmic axes. 1 is in proportion to the size. */
import { z } from 'zod';
import { fitLine, mean } from './interval.ts';

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
  /** In the unit of the measurement, such as processor seconds; above 0. */
  readonly cost: number;
}

const sizesMinimum = 3;
const spreadMinimum = 2.5;
/** One interval in twenty misses the true exponent by a little: worse or better than linear has to be so by more than this. */
const margin = 0.05;
/**
 * Linear is a claim too, an equivalence (Schuirmann 1987): the whole interval has to lie this near to 1. An interval that merely contains 1 may contain a
 * square root and a square as well.
 */
const nearLinear = 0.25;

/** Least squares on logarithms, with the interval of 95 % of its slope. Repeats are points of their own. */
export function fitGrowth(points: readonly GrowthPoint[]): GrowthFit {
  const sizes = [...new Set(points.map(({ size }) => size))].toSorted((left, right) => left - right);
  const [smallest = 0, largest = 0] = [sizes[0], sizes.at(-1)];
  if (points.some(({ size, cost }) => !(size > 0) || !(cost > 0)))
    return { fitted: false, reason: 'a size or a cost is not above 0' };
  if (sizes.length < sizesMinimum)
    return {
      fitted: false,
      reason: `${sizes.length} sizes were measured; at least ${sizesMinimum} are needed`,
    };
  if (largest / smallest < spreadMinimum)
    return { fitted: false, reason: `the largest size is less than ${spreadMinimum} times the smallest` };
  const { slope, intercept, slopeHalfWidth } = fitLine(
    points.map(({ size, cost }) => ({ x: Math.log(size), y: Math.log(cost) })),
  );
  const [low, high] = [slope - slopeHalfWidth, slope + slopeHalfWidth];
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
  return low >= 1 - nearLinear && high <= 1 + nearLinear ? 'linear' : 'undecided';
}

function slopeAtTop(points: readonly GrowthPoint[], sizes: readonly number[]): number {
  const [before = 1, last = 1] = sizes.slice(-2);
  const costOf = (wanted: number) =>
    mean(points.filter(({ size }) => size === wanted).map(({ cost }) => Math.log(cost)));
  return (costOf(last) - costOf(before)) / Math.log(last / before);
}

/** In a sentence. */
export function describeFit(fit: GrowthFit): string {
  if (!fit.fitted) return `undecided: ${fit.reason}`;
  const exponent = `exponent ${fit.exponent.toFixed(2)} (95 %: ${fit.low.toFixed(2)} to ${fit.high.toFixed(2)})`;
  if (fit.verdict !== 'undecided') return `${exponent}, ${fit.verdict.replaceAll('-', ' ')}`;
  return `${exponent}, undecided: the interval is too wide to tell linear growth from better or worse`;
}
