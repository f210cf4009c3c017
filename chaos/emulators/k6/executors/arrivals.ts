/** When iterations arrive: pure schedules, in milliseconds from the scenario's start. */
import type { Stage } from '../options/scenario.ts';

/** One arrival each 1/rate from 0 to `durationMs`, both included, as k6 has it: 20/s for 3 s are 61. */
export function* constantArrivals(rate: number, timeUnitMs: number, durationMs: number): Generator<number> {
  for (let index = 0; ; index += 1) {
    const dueMs = (index * timeUnitMs) / rate;
    if (dueMs > durationMs) return;
    yield dueMs;
  }
}

/**
 * The n-th arrival is when the area under the rate reaches n. In a stage that goes from rate a to b in D the area
 * after t is a·t + (b−a)·t²/(2D), which is solved for t. At a constant rate the first arrival is thus 1/rate late,
 * unlike above; so it is in k6.
 */
export function* rampingArrivals(
  startRate: number,
  timeUnitMs: number,
  stages: readonly Stage[],
): Generator<number> {
  let arrival = 1;
  let areaBefore = 0;
  let stageStartMs = 0;
  let from = startRate / timeUnitMs;
  for (const { duration, target } of stages) {
    const to = target / timeUnitMs;
    const areaAfter = areaBefore + (duration * (from + to)) / 2;
    for (; arrival <= areaAfter; arrival += 1) {
      yield stageStartMs + timeOfArea(arrival - areaBefore, from, to, duration);
    }
    areaBefore = areaAfter;
    stageStartMs += duration;
    from = to;
  }
}

/** The root that stays accurate when a and b are nearly alike: t = 2A / (a + √(a² + 2A(b−a)/D)). */
function timeOfArea(area: number, from: number, to: number, durationMs: number): number {
  const discriminant = Math.max(from * from + (2 * area * (to - from)) / durationMs, 0);
  return Math.min((2 * area) / (from + Math.sqrt(discriminant)), durationMs);
}
