/** How many users a measured rate of requests is worth, by the processor time that they and their background work need. */
import type { CapacityReport, MixCapacity } from './capacity-report.ts';
import type { Interval } from './interval.ts';
import type { SloRate } from './slo.ts';
import { validSteps } from './step.ts';
import { backgroundPerSecond, requestsPerSecond, type User, writeShareOf } from './user.ts';

export interface UsersHeld {
  readonly users: number;
  readonly interval: Interval;
  /** True when every rate that was tried met the objective. */
  readonly atLeast: boolean;
  /** Share of the processor time of users that background work takes. */
  readonly backgroundShare: number;
}

/** How many users the measured rate is worth; `user` may be another than the one it was measured for. Null when no rate met the objective. */
export function usersHeld(report: CapacityReport, user: User = report.user): UsersHeld | null {
  const mix = mixOfUsers(report);
  const rate = mix === null ? null : rateOf(mix.sloRate);
  if (mix === null || rate === null) return null;
  const background = backgroundPerSecond(user, 1) * secondsOf(report, 'background');
  const each = requestsPerSecond(user, 1) * secondsPerRequest(report, mix, writeShareOf(user)) + background;
  // The processor time that the measured rate takes has to do for requests and background work.
  const measured = secondsPerRequest(report, mix, mix.writeShare);
  const scale = measured > 0 && each > 0 ? measured / each : 1 / requestsPerSecond(user, 1);
  const scaled = (bound: number | null): number | null => (bound === null ? null : bound * scale);
  const { low, high } =
    mix.sloRate.outcome === 'bracketed' ? mix.sloRate.interval : { low: rate, high: null };
  return {
    users: rate * scale,
    interval: { low: scaled(low), high: scaled(high) },
    atLeast: mix.sloRate.outcome === 'at-least',
    backgroundShare: each > 0 ? background / each : 0,
  };
}

export function mixOfUsers({ mixes }: CapacityReport): MixCapacity | null {
  return mixes.find(({ ofUsers }) => ofUsers) ?? null;
}

/** Requests a second that meet the objective, or null where no such rate is known. */
export function rateOf(found: SloRate): number | null {
  return found.outcome === 'bracketed' || found.outcome === 'at-least' ? found.ratePerSecond : null;
}

/** Processor seconds of the target and its stores for one request; from the mix's own steps where the classes were not measured. */
function secondsPerRequest(report: CapacityReport, mix: MixCapacity, writeShare: number): number {
  const known = (1 - writeShare) * secondsOf(report, 'read') + writeShare * secondsOf(report, 'write');
  if (known > 0) return known;
  const steps = validSteps(mix.steps).filter(({ throughputPerSecond }) => throughputPerSecond > 0);
  const costs = steps.map(
    ({ busy, throughputPerSecond }) => sumOf(ofTarget(Object.entries(busy))) / throughputPerSecond,
  );
  return costs.length === 0 ? 0 : Math.min(...costs);
}

/** Processor seconds of the target and its stores for one request, or unit, of the class; 0 when it was not measured. */
export function secondsOf({ demands }: CapacityReport, wanted: 'background' | 'read' | 'write'): number {
  const found = demands.find((one) => one.class === wanted)?.demands ?? [];
  return sumOf(ofTarget(found.map(({ process, secondsPerRequest: seconds }) => [process, seconds] as const)));
}

/** Without the harness and its proxies. */
function ofTarget(seconds: readonly (readonly [string, number])[]): number[] {
  return seconds
    .filter(([process]) => process !== 'harness' && process !== 'toxiproxy')
    .map(([, value]) => value);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
