/** A load that goes on while something is wrong for a while: what is asked of an outage is how the load fares after it. */
import { togetherOrNotAtAll } from '../experiment/together.ts';
import type { LoadResult, Traffic } from './load/job.ts';
import type { Bench } from './measure-step.ts';

export interface DisturbedLoad {
  readonly urls: readonly string[];
  readonly traffic: Traffic;
  readonly ratePerSecond: number;
  readonly seed: string;
  readonly durationMs: number;
  /** From the start of the load until something goes wrong, and for how long it does. */
  readonly beforeMs: number;
  readonly forMs: number;
  /** Makes it go wrong; what it gives makes it good, whatever happens meanwhile. */
  readonly disturb: () => Promise<() => Promise<void>>;
}

const patienceMs = 3_000;

/** `mendedMs`: epoch milliseconds. When the load fails the disturbance is ended first, and the other way round. */
export async function loadDisturbed(
  { generator, clock, signal: outer }: Bench,
  { urls, traffic, ratePerSecond, seed, durationMs, beforeMs, forMs, disturb }: DisturbedLoad,
): Promise<{ readonly result: LoadResult; readonly mendedMs: number }> {
  const load = { kind: 'open' as const, ratePerSecond };
  const job = { urls, traffic, load, seed, durationMsMin: durationMs, durationMsMax: durationMs, patienceMs };
  const disturbance = async (signal: AbortSignal): Promise<number> => {
    await clock.sleep(beforeMs, signal);
    const mend = await disturb();
    try {
      await clock.sleep(forMs, signal);
    } finally {
      await mend();
    }
    return clock.nowMs();
  };
  const [result, mendedMs] = await togetherOrNotAtAll(outer, (signal) => [
    generator.run(job, signal),
    disturbance(signal),
  ]);
  return { result, mendedMs };
}
