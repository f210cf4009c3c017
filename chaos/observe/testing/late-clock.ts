/** A clock for tests of what is looked at again and again: a sleep takes no time of the test's. */
import type { Clock } from '../../clock.ts';

/** Every sleep takes `lateMs` longer than asked for, `sleeps` times; then it sleeps until it is stopped. */
export function lateClock(startMs: number, lateMs: number, sleeps: number): Clock {
  let nowMs = startMs;
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
