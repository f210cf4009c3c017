/** How long it takes from the return of Redis until the objective is met again, under a load that goes on. */
import type { CapacityReport } from '../../reports/capacity/capacity-report.ts';
import type { Slo } from '../../reports/capacity/slo.ts';
import { HarnessError } from '../errors.ts';
import { findFault } from '../faults/registry.ts';
import type { CapacitySystem } from './capacity-system.ts';
import { loadDisturbed } from './disturbed-load.ts';
import type { LoadResult, Traffic } from './load/job.ts';
import type { Bench } from './measure-step.ts';

export interface AfterFault {
  readonly bench: Bench;
  readonly system: CapacitySystem;
  readonly slo: Slo;
  readonly seed: string;
}

const beforeMs = 800;
const faultMs = 2_500;
const durationMs = 8_000;
const binMs = 250;

export async function measureRecovery(
  { bench, system, slo, seed }: AfterFault,
  traffic: Traffic,
  ratePerSecond: number,
): Promise<NonNullable<CapacityReport['recovery']>> {
  const fault = findFault('redis-down');
  if (fault === undefined)
    throw new HarnessError('there is no fault "redis-down"', 'redcliff run --help lists them');
  const { urls } = await system.target();
  const { result, mendedMs } = await loadDisturbed(bench, {
    urls,
    traffic,
    ratePerSecond,
    seed: `${seed}/recovery`,
    durationMs,
    beforeMs,
    forMs: faultMs,
    disturb: async () => {
      const active = await fault.apply(system.faults, {});
      return () => active.heal();
    },
  });
  await system.settle();
  return {
    title: 'Redis away for a while and back',
    ratePerSecond,
    faultMs,
    recoveryMs: recoveredAfterMs(result, mendedMs - result.startedMs, slo),
  };
}

/** From healing to the first quarter of a second from which on every one met the objective; null when the last one did not. Pure. */
export function recoveredAfterMs(
  { samples, sendingMs }: Pick<LoadResult, 'samples' | 'sendingMs'>,
  healedMs: number,
  slo: Slo,
): number | null {
  const bins = Math.floor((sendingMs - healedMs) / binMs);
  let goodFrom: number | null = null;
  for (let bin = bins - 1; bin >= 0; bin -= 1) {
    const fromMs = healedMs + bin * binMs;
    if (!meets(samples, fromMs, slo)) break;
    goodFrom = bin * binMs;
  }
  return goodFrom;
}

/** A quarter of a second has too few requests for a high percentile: so many of a hundred may be slower as the objective allows, or one. */
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
