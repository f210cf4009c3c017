/** The highest rate that still meets a service level objective, with its interval, from steps of arrival rate that were measured. */
import { z } from 'zod';
import type { Random } from '../statistics/random.ts';
import { type Interval, intervalSchema, mean, percentileInterval } from './interval.ts';

export const sloSchema = z.object({
  /** Above 0, below 100. */
  percentile: z.number(),
  latencyMs: z.number(),
  /** Largest share of requests that may fail, 0 to 1. */
  errorShare: z.number(),
});
export type Slo = z.infer<typeof sloSchema>;

export interface RateStep {
  /** Arrivals a second as they were planned. */
  readonly offeredPerSecond: number;
  /** As they came in the steady window: drawn at random, they are seldom exactly the planned ones. */
  readonly arrivedPerSecond: number;
  /** Answers a second in the steady window. */
  readonly throughputPerSecond: number;
  /** Latency at the percentile of the objective. */
  readonly latencyMs: number;
  readonly errorShare: number;
}

/** With fewer answers than this share of the arrivals requests pile up, and the latency is only that of those that were answered. */
export const keptUpShare = 0.95;

export const sloRateSchema = z.discriminatedUnion('outcome', [
  /** Between a rate that meets it and one that does not. */
  z.object({ outcome: z.literal('bracketed'), ratePerSecond: z.number(), interval: intervalSchema }),
  /** Every rate that was tried meets it. */
  z.object({ outcome: z.literal('at-least'), ratePerSecond: z.number() }),
  /** Not even the lowest rate does. */
  z.object({ outcome: z.literal('never'), lowestTriedPerSecond: z.number() }),
  z.object({ outcome: z.literal('unmeasured') }),
]);
export type SloRate = z.infer<typeof sloRateSchema>;

export function meetsSlo(step: RateStep, slo: Slo): boolean {
  return badness(step, slo) <= 1;
}

/**
 * How far a step is from the objective, 1 being at it: the worst of latency by limit, errors by limit and unanswered arrivals. One number, so that one
 * crossing is looked for whichever of them fails first.
 */
function badness(
  { arrivedPerSecond, throughputPerSecond, latencyMs, errorShare }: RateStep,
  slo: Slo,
): number {
  const keptUp = arrivedPerSecond === 0 ? 1 : throughputPerSecond / arrivedPerSecond;
  // A limit of no errors at all is crossed by the first one.
  const errors = errorShare === 0 ? 0 : errorShare / Math.max(slo.errorShare, 1e-9);
  return Math.max(
    latencyMs / slo.latencyMs,
    Math.min(errors, 1e6),
    keptUp >= keptUpShare ? 0 : keptUpShare / keptUp + 0.001,
  );
}

export function sloRate(
  steps: readonly RateStep[],
  slo: Slo,
  { random, resamples }: { readonly random: Random; readonly resamples: number },
): SloRate {
  const levels = [...Map.groupBy(steps, ({ offeredPerSecond }) => offeredPerSecond)]
    .map(([rate, repeats]) => ({ rate, scores: repeats.map((step) => Math.log(badness(step, slo) + 1e-6)) }))
    .toSorted((left, right) => left.rate - right.rate);
  const [lowest] = levels;
  if (lowest === undefined) return { outcome: 'unmeasured' };
  const found = crossing(levels.map(({ rate, scores }) => ({ rate, score: mean(scores) })));
  if (found === 'never') return { outcome: 'never', lowestTriedPerSecond: lowest.rate };
  if (found === 'above') return { outcome: 'at-least', ratePerSecond: levels.at(-1)?.rate ?? lowest.rate };
  const crossings = Array.from({ length: resamples }, () => {
    const drawn = crossing(
      levels.map(({ rate, scores }) => ({
        rate,
        score: mean(scores.map(() => scores[random.below(scores.length)] ?? 0)),
      })),
    );
    if (drawn === 'never') return Number.NEGATIVE_INFINITY;
    return drawn === 'above' ? Number.POSITIVE_INFINITY : drawn;
  });
  const interval = percentileInterval(crossings);
  const bracket = bracketOf(levels, found);
  return {
    outcome: 'bracketed',
    ratePerSecond: found,
    interval: bracket.some(({ scores }) => scores.length < 2) ? widened(interval, bracket) : interval,
  };
}

/** The levels on both sides of a rate. */
function bracketOf<L extends { readonly rate: number }>(levels: readonly L[], rate: number): L[] {
  const below = levels.findLast((level) => level.rate <= rate);
  const above = levels.find((level) => level.rate > rate);
  return [below, above].flatMap((level) => level ?? []);
}

/** A level measured once has no spread to resample: nothing more is known than that the crossing lies between the two levels. */
function widened({ low, high }: Interval, bracket: readonly { readonly rate: number }[]): Interval {
  const rates = bracket.map(({ rate }) => rate);
  return {
    low: low === null ? null : Math.min(low, ...rates),
    high: high === null ? null : Math.max(high, ...rates),
  };
}

interface Level {
  readonly rate: number;
  readonly score: number;
}

/** The rate at which the monotone curve through the levels crosses 0, on a logarithmic axis of rates. */
function crossing(levels: readonly Level[]): number | 'above' | 'never' {
  const scores = monotone(levels.map(({ score }) => score));
  const first = scores.findIndex((score) => score > 0);
  if (first === 0) return 'never';
  if (first < 0) return 'above';
  const [below, above] = [levels[first - 1], levels[first]];
  const [under = 0, over = 0] = [scores[first - 1], scores[first]];
  if (below === undefined || above === undefined) return 'never';
  const part = over === under ? 0 : -under / (over - under);
  return below.rate * (above.rate / below.rate) ** part;
}

/** Pool adjacent violators (Ayer and others 1955): the nearest sequence that never falls, because more load never improves it. */
function monotone(values: readonly number[]): number[] {
  const blocks: { sum: number; count: number }[] = [];
  for (const value of values) {
    let block = { sum: value, count: 1 };
    for (let last = blocks.at(-1); last !== undefined && last.sum / last.count >= block.sum / block.count;) {
      block = { sum: block.sum + last.sum, count: block.count + last.count };
      blocks.pop();
      last = blocks.at(-1);
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
}
