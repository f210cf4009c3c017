/**
 * How sure one may be that two series of per-second figures differ. Seconds, not operations, are resampled: operations of
 * one second are correlated, and treating them as independent would make every difference look significant.
 */
import type { Random } from '../statistics/random.ts';

export interface RatioInterval {
  readonly low: number;
  readonly high: number;
}

/** A series for each reference run, at least one, none of them empty. */
export type References = readonly (readonly number[])[];

/**
 * Percentile bootstrap (Efron 1979) of the ratio of medians, current by reference. With several references each
 * resample first draws one of them, so that what differs from run to run widens the interval.
 */
export function bootstrapRatio(
  current: readonly number[],
  references: References,
  { random, resamples, confidence }: { random: Random; resamples: number; confidence: number },
): RatioInterval {
  const ratios = new Float64Array(resamples);
  for (let index = 0; index < resamples; index += 1) {
    const reference = references[random.below(references.length)] ?? [];
    const denominator = resampledMedian(reference, random);
    ratios[index] =
      denominator === 0 ? Number.POSITIVE_INFINITY : resampledMedian(current, random) / denominator;
  }
  ratios.sort();
  const tail = (1 - confidence) / 2;
  const at = (part: number): number =>
    ratios[Math.min(resamples - 1, Math.floor(part * resamples))] ?? Number.NaN;
  return { low: at(tail), high: at(1 - tail) };
}

function resampledMedian(values: readonly number[], random: Random): number {
  const drawn = new Float64Array(values.length);
  for (let index = 0; index < drawn.length; index += 1)
    drawn[index] = values[random.below(values.length)] ?? 0;
  return medianOfSorted(drawn.sort());
}

function medianOfSorted(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** Cliff's delta (1993): how much more often a current value lies above a recorded one than below it, −1 to 1. */
export function cliffsDelta(current: readonly number[], recorded: readonly number[]): number {
  let balance = 0;
  for (const now of current) for (const before of recorded) balance += Math.sign(now - before);
  return balance / (current.length * recorded.length);
}
