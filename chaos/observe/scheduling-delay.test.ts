import { expect, test } from 'vitest';
import { limits } from '../experiment/system-settings.ts';
import { measureSchedulingDelay, widened } from './scheduling-delay.ts';
import { lateClock } from './testing/late-clock.ts';

test('the delay is what a wake came too late, and the largest of each second is kept', async () => {
  await using delay = measureSchedulingDelay(lateClock(10_000, 40, 3));
  await new Promise((resolve) => setImmediate(resolve));
  expect(delay.maxMs()).toBe(40);
  expect(delay.points()).toEqual([[10_000, 40]]);
});

test('the deadline is not widened where each request tells whether it was starved', () => {
  const { deadlineToleranceMs, invalidationMs } = widened(limits, 100, true);
  expect(deadlineToleranceMs).toBe(limits.deadlineToleranceMs);
  expect(invalidationMs).toBe(limits.invalidationMs + 200);
});

test('limits that depend on the machine are widened by it, and the others are not', () => {
  const wider = widened(limits, 100, false);
  expect(wider.deadlineToleranceMs).toBe(limits.deadlineToleranceMs + 200);
  expect(wider.invalidationMs).toBe(limits.invalidationMs + 200);
  expect({ ...wider, deadlineToleranceMs: 0, invalidationMs: 0 }).toEqual({
    ...limits,
    deadlineToleranceMs: 0,
    invalidationMs: 0,
  });
});
