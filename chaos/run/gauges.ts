/** Samples what the clients cannot see while the load runs: health, the target's own gauges, locks held. */
import type { LockHolding } from '../../reports/record/evidence.ts';
import type { Gauge } from '../../reports/record/report.ts';
import type { HealthReading } from '../api/target.ts';
import type { Clock } from '../clock.ts';
import { LockHoldings } from '../observe/lock-holdings.ts';
import type { RunningTarget } from '../target/start.ts';
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

interface Sampled {
  readonly target: Pick<RunningTarget['target'], 'health' | 'locks'>;
  readonly context: Pick<RunningTarget['context'], 'clock' | 'redis'>;
  health(): Promise<HealthReading | null>;
}

export function sampleGauges(running: Sampled, loadStartMs: number): GaugeSampler {
  const { target, context } = running;
  const { clock, redis } = context;
  const stopping = new AbortController();
  const health: HealthSample[] = [];
  const points = new Map<string, [number, number][]>();
  const holdings = new LockHoldings(target.locks ?? []);
  const add = (name: string, atMs: number, value: number | null): void => {
    if (value === null) return;
    const own = points.get(name);
    if (own === undefined) points.set(name, [[atMs, value]]);
    else own.push([atMs, value]);
  };
  const sample = async (): Promise<void> => {
    const atMs = clock.nowMs();
    const sinceStartMs = atMs - loadStartMs;
    const [reading, held] = await Promise.all([
      running.health(),
      target.locks === undefined ? null : holdings.sample(redis, clock).catch(() => null),
    ]);
    if (reading !== null) takeHealth(reading, atMs);
    add(lockGauge, sinceStartMs, held);
  };
  const takeHealth = ({ well, gauges = {} }: HealthReading, atMs: number): void => {
    health.push({ atMs, well });
    for (const [name, value] of Object.entries(gauges)) add(name, atMs - loadStartMs, value);
    add(healthGauge, atMs - loadStartMs, well ? 1 : 0);
  };
  const stop = startSampling(sample, clock, stopping);
  return {
    finish: async (schedulingDelay) => {
      await stop();
      // The last heal may be later than the last sample, and a target without a sample after it would seem never to recover.
      await sample().catch(() => undefined);
      for (const [atMs, delayMs] of schedulingDelay) add(delayGauge, atMs - loadStartMs, delayMs);
      const units = { ...ownUnits, ...target.health?.units };
      const gauges = [...points].map(([name, own]) => ({ name, unit: units[name] ?? '', points: own }));
      return { gauges, health, locks: holdings.all };
    },
    [Symbol.asyncDispose]: stop,
  };
}

const lockGauge = 'locks held';
const healthGauge = 'health';
const delayGauge = 'scheduling delay';
const ownUnits: Readonly<Record<string, string>> = {
  [lockGauge]: 'locks',
  [healthGauge]: '1 = well',
  [delayGauge]: 'ms',
};

/** A sample that fails, such as while Redis is away, is left out. */
function startSampling(
  sample: () => Promise<void>,
  clock: Clock,
  stopping: AbortController,
): () => Promise<void> {
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await sample().catch(() => undefined);
      await clock.sleep(periodMs, stopping.signal).catch(() => undefined);
    }
  })();
  return async () => {
    stopping.abort();
    await loop;
  };
}
