/**
 * How late this machine wakes a process that has nothing to do: what no system under test can be blamed for. A client, a daemon
 * and the API wait for the same processors, so the limits they are judged by are widened by what was measured here.
 */
import type { Limits } from '../../reports/record/report.ts';
import type { Clock } from '../clock.ts';

const periodMs = 25;
/** A request crosses two processes, the client's and the API's, and either may be woken late. */
const wakesOfARequest = 2;

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

/**
 * The limits with what this machine added while the load ran. Where it is known of each request whether its client and its API had a
 * processor (`requestsMeasured`), nothing is added to the deadline: it would let hangs pass. Pure.
 */
export function widened(limits: Limits, delayMs: number, requestsMeasured: boolean): Limits {
  const addedMs = wakesOfARequest * delayMs;
  return {
    ...limits,
    deadlineToleranceMs: limits.deadlineToleranceMs + (requestsMeasured ? 0 : addedMs),
    invalidationMs: limits.invalidationMs + addedMs,
  };
}
