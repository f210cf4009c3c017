/**
 * How late this machine wakes an idle process: a delay that the target does not cause. A client, a daemon and a serving process wait for
 * the same processors, so limits are widened by what is measured here.
 */
import type { Clock } from '../clock.ts';

const periodMs = 25;

export interface SchedulingDelay extends AsyncDisposable {
  /** Points of the largest delay of each second: [epoch milliseconds, milliseconds]. */
  points(): [number, number][];
  maxMs(): number;
}

export function measureSchedulingDelay(clock: Clock): SchedulingDelay {
  const stopping = new AbortController();
  const maxima = new Map<number, number>();
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      const startedMs = clock.monotonicMs();
      await clock.sleep(periodMs, stopping.signal).catch(() => undefined);
      if (stopping.signal.aborted) return;
      const second = Math.floor(clock.nowMs() / 1_000);
      const delayMs = Math.max(0, clock.monotonicMs() - startedMs - periodMs);
      maxima.set(second, Math.max(maxima.get(second) ?? 0, delayMs));
    }
  })();
  return {
    points: () => [...maxima].map(([second, delayMs]) => [second * 1_000, Math.round(delayMs)]),
    maxMs: () => Math.ceil(Math.max(0, ...maxima.values())),
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await loop;
    },
  };
}
