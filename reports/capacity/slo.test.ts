import { describe, expect, it } from 'vitest';
import { seededRandom } from '../statistics/random.ts';
import { meetsSlo, type RateStep, type Slo, sloRate } from './slo.ts';

const slo: Slo = { percentile: 99, latencyMs: 100, errorShare: 0.001 };
const options = () => ({ random: seededRandom('slo'), resamples: 400 });

/** A single server that serves `capacity` a second: latency grows as 1 / (capacity − rate). */
function queue(rates: readonly number[], capacity: number, noise: number, seed = 'queue'): RateStep[] {
  const random = seededRandom(seed);
  return rates.flatMap((rate) =>
    [1, 2, 3].map(() => ({
      offeredPerSecond: rate,
      arrivedPerSecond: rate,
      throughputPerSecond: Math.min(rate, capacity),
      latencyMs:
        rate < capacity ? (4_600 / (capacity - rate)) * Math.exp(noise * (random.next() * 2 - 1)) : 5_000,
      errorShare: 0,
    })),
  );
}
const rates = [400, 600, 800, 900, 950, 1000, 1100];
/** 4600 / (1000 − rate) = 100. */
const truth = 954;

describe('the highest rate that meets the objective', () => {
  it('is found between two rates that were measured, with an interval', () => {
    const found = sloRate(queue(rates, 1_000, 0.1), slo, options());
    if (found.outcome !== 'bracketed') throw new Error(found.outcome);
    expect(found.ratePerSecond).toBeGreaterThan(0.97 * truth);
    expect(found.ratePerSecond).toBeLessThan(1.03 * truth);
    expect(found.interval.low).toBeLessThanOrEqual(found.ratePerSecond);
    expect(found.interval.high).toBeGreaterThanOrEqual(found.ratePerSecond);
  });

  it('is decided by errors when they come first', () => {
    const steps = queue(rates, 1_000, 0).map((step) => ({
      ...step,
      errorShare: step.offeredPerSecond > 600 ? 0.01 : 0,
    }));
    const found = sloRate(steps, slo, options());
    if (found.outcome !== 'bracketed') throw new Error(found.outcome);
    expect(found.ratePerSecond).toBeGreaterThanOrEqual(600);
    expect(found.ratePerSecond).toBeLessThanOrEqual(800);
  });

  it('counts arrivals that pile up as a failure, however fast the few answers are', () => {
    const steps = [100, 200].map((rate) => ({
      offeredPerSecond: rate,
      arrivedPerSecond: rate,
      throughputPerSecond: Math.min(rate, 120),
      latencyMs: 5,
      errorShare: 0,
    }));
    expect(meetsSlo(steps[1] ?? fail(), slo)).toBe(false);
    expect(sloRate(steps, slo, options())).toMatchObject({ outcome: 'bracketed' });
  });

  it('compares answers with the arrivals that came, not with those that were planned', () => {
    const few = {
      offeredPerSecond: 50,
      arrivedPerSecond: 39,
      throughputPerSecond: 39,
      latencyMs: 5,
      errorShare: 0,
    };
    expect(meetsSlo(few, slo)).toBe(true);
    expect(meetsSlo({ ...few, throughputPerSecond: 30 }, slo)).toBe(false);
  });

  it('says so when no rate fails, when none passes, and when there is none', () => {
    expect(sloRate(queue([100, 200], 1_000, 0), slo, options())).toEqual({
      outcome: 'at-least',
      ratePerSecond: 200,
    });
    expect(sloRate(queue([980, 990], 1_000, 0), slo, options())).toEqual({
      outcome: 'never',
      lowestTriedPerSecond: 980,
    });
    expect(sloRate([], slo, options())).toEqual({ outcome: 'unmeasured' });
  });

  it('lies between two levels, and nowhere more precisely, when these were measured once', () => {
    const once = queue([400, 800, 1_000], 1_000, 0).filter((_, index) => index % 3 === 0);
    const found = sloRate(once, slo, options());
    expect(found).toMatchObject({ outcome: 'bracketed', interval: { low: 800, high: 1_000 } });
  });

  it('is not misled by one lucky step above the limit', () => {
    const steps = queue(rates, 1_000, 0);
    const lucky = { ...(steps.at(-1) ?? fail()), latencyMs: 90, throughputPerSecond: 1_090 };
    const found = sloRate([...steps, lucky], slo, options());
    if (found.outcome !== 'bracketed') throw new Error(found.outcome);
    expect(found.ratePerSecond).toBeLessThan(1_000);
  });
});

function fail(): never {
  throw new Error('there is no such step');
}
