/** Load that goes on while something is disturbed for a while: how long it takes to meet the objective again, and to drain a backlog. */
import type { CapacityReport } from '../../reports/capacity/capacity-report.ts';
import type { Slo } from '../../reports/capacity/slo.ts';
import { togetherOrNotAtAll } from '../run/cell.ts';
import type { LoadResult, Traffic } from './load/job.ts';
import type { MeasuredTarget } from './measured-target.ts';
import type { Bench } from './measure-step.ts';
import { type Reading, watchResources } from './resources/watch.ts';

export interface Disturbance {
  readonly urls: readonly string[];
  readonly traffic: Traffic;
  readonly ratePerSecond: number;
  readonly seed: string;
  readonly durationMs: number;
  /** From the start of the load until the disturbance, and how long it lasts. */
  readonly beforeMs: number;
  readonly forMs: number;
  /** Begins the disturbance and resolves to the function that ends it, which is always called. */
  readonly disturb: () => Promise<() => Promise<void>>;
}

const patienceMs = 3_000;

/** `endedMs`: when the disturbance ended, epoch milliseconds. When the load fails the disturbance is ended first, and the other way round. */
export async function loadDisturbed(
  { generator, clock, signal: outer }: Bench,
  { urls, traffic, ratePerSecond, seed, durationMs, beforeMs, forMs, disturb }: Disturbance,
): Promise<{ readonly result: LoadResult; readonly endedMs: number }> {
  const load = { kind: 'open' as const, ratePerSecond };
  const job = { urls, traffic, load, seed, durationMsMin: durationMs, durationMsMax: durationMs, patienceMs };
  const disturbance = async (signal: AbortSignal): Promise<number> => {
    await clock.sleep(beforeMs, signal);
    const end = await disturb();
    try {
      await clock.sleep(forMs, signal);
    } finally {
      await end();
    }
    return clock.nowMs();
  };
  const [result, endedMs] = await togetherOrNotAtAll(outer, (signal) => [
    generator.run(job, signal),
    disturbance(signal),
  ]);
  return { result, endedMs };
}

export interface RecoveryBase {
  readonly bench: Bench;
  readonly measured: MeasuredTarget;
  readonly slo: Slo;
  readonly seed: string;
}

const fault = { beforeMs: 800, forMs: 2_500, durationMs: 8_000 };

export async function measureRecovery(
  { bench, measured, slo, seed }: RecoveryBase,
  traffic: Traffic,
  ratePerSecond: number,
  title: string,
  disturb: Disturbance['disturb'],
): Promise<NonNullable<CapacityReport['recovery']>> {
  const { urls } = await measured.subject();
  const { result, endedMs } = await loadDisturbed(bench, {
    urls,
    traffic,
    ratePerSecond,
    seed: `${seed}/recovery`,
    ...fault,
    disturb,
  });
  await measured.settle();
  return {
    title,
    ratePerSecond,
    faultMs: fault.forMs,
    recoveryMs: recoveredAfterMs(result, endedMs - result.startedMs, slo),
  };
}

const binMs = 250;

/** From healing to the first quarter of a second from which on every one met the objective; null when the last one did not. Pure. */
export function recoveredAfterMs(
  { samples, sendingMs }: Pick<LoadResult, 'samples' | 'sendingMs'>,
  healedMs: number,
  slo: Slo,
): number | null {
  const bins = Math.floor((sendingMs - healedMs) / binMs);
  let goodFrom: number | null = null;
  for (let bin = bins - 1; bin >= 0; bin -= 1) {
    if (!meets(samples, healedMs + bin * binMs, slo)) break;
    goodFrom = bin * binMs;
  }
  return goodFrom;
}

/** A quarter of a second has too few requests for a high percentile: as many of them may be slower as the objective allows, or one. */
function meets(samples: LoadResult['samples'], fromMs: number, slo: Slo): boolean {
  let [count, slow, failed] = [0, 0, 0];
  samples.intendedMs.forEach((intendedMs, index) => {
    if (intendedMs < fromMs || intendedMs >= fromMs + binMs) return;
    count += 1;
    const status = samples.status[index] ?? 0;
    if ((samples.endedMs[index] ?? 0) - intendedMs > slo.latencyMs) slow += 1;
    if (status < 200 || status > 299) failed += 1;
  });
  const slowMax = Math.max(1, Math.floor(count * (1 - slo.percentile / 100)));
  return slow <= slowMax && failed <= Math.floor(count * slo.errorShare);
}

const pause = { beforeMs: 500, forMs: 2_500, durationMs: 7_000 };
/** So many entries are always on their way. */
const emptyMax = 3;

/** The role that drains the backlog is paused while the writes go on, and resumed. Null when the target has no backlog or no process that drains it. */
export async function measureDrain(
  { bench, measured, seed }: RecoveryBase,
  traffic: Traffic,
  ratePerSecond: number,
): Promise<CapacityReport['drain']> {
  const { running } = measured;
  const { urls, watched } = await measured.subject();
  const drainedBy = running.target.capacity?.backlog?.drainedBy;
  const processes = drainedBy === undefined ? [] : running.processes.withRole(drainedBy);
  if (watched.backlog === null || processes.length === 0) return null;
  await using watch = watchResources(watched, bench.clock);
  const { endedMs } = await loadDisturbed(bench, {
    urls,
    traffic,
    ratePerSecond,
    seed: `${seed}/drain`,
    ...pause,
    disturb: async () => {
      for (const process of processes) process.pause();
      return async () => {
        for (const process of processes) process.resume();
      };
    },
  });
  await measured.settle();
  return {
    title: watched.backlog.title,
    writesPerSecond: ratePerSecond,
    pausedMs: pause.forMs,
    ...drained(await watch.finish(), endedMs),
  };
}

/** Pure. */
export function drained(
  readings: readonly Pick<Reading, 'atMs' | 'backlog'>[],
  resumedMs: number,
): { readonly backlog: number; readonly drainMs: number | null } {
  const lengths = readings.flatMap(({ atMs, backlog }) =>
    backlog === null || backlog.length === null ? [] : [{ atMs, length: backlog.length }],
  );
  const backlog = Math.max(0, ...lengths.map(({ length }) => length));
  const empty = lengths.find(({ atMs, length }) => atMs >= resumedMs && length <= emptyMax);
  return { backlog, drainMs: empty === undefined ? null : empty.atMs - resumedMs };
}
