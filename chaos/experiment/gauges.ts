/** Samples what the clients cannot see while the load runs: health, length and age of the queue, locks held. */
import type { LockHolding } from '../../reports/record/evidence.ts';
import type { Gauge } from '../../reports/record/report.ts';
import type { Clock } from '../clock.ts';
import { LockHoldings } from '../observe/lock-holdings.ts';
import type { Observer } from '../observe/observer.ts';
import { readHealth } from './api-client.ts';
import type { HealthSample } from './recovery.ts';

const periodMs = 200;

export interface GaugeSampler extends AsyncDisposable {
  /** Stops sampling; resolves to what was seen, times counted from `loadStartMs`. `schedulingDelay` has epoch times. */
  finish(schedulingDelay: readonly [number, number][]): Promise<{
    readonly gauges: Gauge[];
    readonly health: HealthSample[];
    readonly locks: readonly LockHolding[];
  }>;
}

export function sampleGauges(
  apiUrl: string,
  observer: Observer,
  clock: Clock,
  loadStartMs: number,
): GaugeSampler {
  const stopping = new AbortController();
  const health: HealthSample[] = [];
  const queueLength: [number, number][] = [];
  const queueAgeMs: [number, number][] = [];
  const locks: [number, number][] = [];
  const holdings = new LockHoldings();

  const sample = async (): Promise<void> => {
    const atMs = clock.nowMs();
    const [seen, held] = await Promise.all([
      readHealth(apiUrl, stopping.signal),
      countLocks(observer, holdings, clock),
    ]);
    health.push({ atMs, well: seen.serving && seen.redisWell && seen.mongoWell });
    const sinceStartMs = atMs - loadStartMs;
    if (seen.queueLength !== null) queueLength.push([sinceStartMs, seen.queueLength]);
    if (seen.oldestAgeMs !== null) queueAgeMs.push([sinceStartMs, seen.oldestAgeMs]);
    if (held !== null) locks.push([sinceStartMs, held]);
  };
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await sample().catch(() => undefined);
      await clock.sleep(periodMs, stopping.signal).catch(() => undefined);
    }
  })();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await loop;
  };
  return {
    finish: async (schedulingDelay) => {
      await stop();
      const gauges = [
        { name: 'sync queue', unit: 'entries', points: queueLength },
        { name: 'sync queue lag', unit: 'ms', points: queueAgeMs },
        { name: 'locks held', unit: 'locks', points: locks },
        {
          name: 'scheduling delay',
          unit: 'ms',
          points: schedulingDelay.map(([atMs, delayMs]): [number, number] => [atMs - loadStartMs, delayMs]),
        },
        {
          name: 'health',
          unit: '1 = well',
          points: health.map(({ atMs, well }): [number, number] => [atMs - loadStartMs, well ? 1 : 0]),
        },
      ];
      return { gauges, health, locks: holdings.all };
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** Null while Redis itself is away. */
async function countLocks({ redis }: Observer, holdings: LockHoldings, clock: Clock): Promise<number | null> {
  try {
    return await holdings.look(redis, clock);
  } catch {
    return null;
  }
}
