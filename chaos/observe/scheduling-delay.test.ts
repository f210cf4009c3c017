import { expect, test } from 'vitest';
import { measureSchedulingDelay } from './scheduling-delay.ts';
import { lateClock } from './testing/late-clock.ts';

test('the delay is the lateness of a wake-up, and the largest of each second is kept', async () => {
  await using delay = measureSchedulingDelay(lateClock(10_000, 40, 3));
  await new Promise((resolve) => setImmediate(resolve));
  expect(delay.maxMs()).toBe(40);
  expect(delay.points()).toEqual([[10_000, 40]]);
});
