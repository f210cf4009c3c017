import { expect, test } from 'vitest';
import type { Clock } from '../clock.ts';
import { limits } from '../experiment/system-settings.ts';
import { measureSchedulingDelay, widened } from './scheduling-delay.ts';

/** A clock on which every sleep takes `lateMs` longer than asked for, `sleeps` times; then it sleeps for ever. */
function lateClock(lateMs: number, sleeps: number): Clock {
  let nowMs = 10_000;
  let left = sleeps;
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    timer: () => ({ [Symbol.dispose]: () => undefined }),
    sleep: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
        if (left === 0) return;
        left -= 1;
        nowMs += delayMs + lateMs;
        resolve();
      }),
  };
}

test('the delay is what a wake came too late, and the largest of each second is kept', async () => {
  await using delay = measureSchedulingDelay(lateClock(40, 3));
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
