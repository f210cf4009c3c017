/**
 * The one place of the runtime that touches real time, so that executors can be tested with a clock of their own.
 * Timers come from `node:timers` because scripts see wrapped ones under the global names.
 */
import { performance } from 'node:perf_hooks';
import { clearTimeout, setImmediate, setTimeout } from 'node:timers';

export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch with fractions. Moves exactly as the monotonic clock does. */
  nowMs(): number;
  /** Monotonic clock, milliseconds since an arbitrary origin, with fractions. */
  monotonicMs(): number;
  /** Runs `callback` once, not before `delayMs` have passed (whole milliseconds), unless disposed of before. */
  timer(delayMs: number, callback: () => void): Disposable;
  /** Lets everything else that is due run first. */
  yieldTurn(): Promise<void>;
}

const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  monotonicMs: () => performance.now(),
  timer: (delayMs, callback) => {
    const handle = setTimeout(callback, Math.min(Math.max(Math.ceil(delayMs), 0), longestTimerMs));
    return { [Symbol.dispose]: () => clearTimeout(handle) };
  },
  yieldTurn: () =>
    new Promise((resolve) => {
      setImmediate(resolve);
    }),
};
