/**
 * The share of operations that may go unserved in one cell. A scenario declares it for the faults that it lists, as they are drawn; under any other
 * fault, a longer one, or several, it follows from what those break: while requests meet something broken, none need be served.
 */
import type { Target } from '../api/define.ts';
import type { Fault } from '../api/fault.ts';
import type { Scenario } from '../api/scenario.ts';
import type { PlannedInjection } from '../faults/timeline.ts';
import { limitsOf } from './limits.ts';
import { lastingShareMax } from './timeline.ts';

/** After a heal a client meets the outage once more at most, and once when it connects anew. */
const requestsAfterHealing = 2;

interface Planned {
  readonly scenario: Scenario;
  readonly label: string;
  readonly durationMs: number;
  readonly timeline: readonly PlannedInjection[];
}

/** The scenario with what is allowed under this timeline, by the label of its cell. Pure. */
export function withAllowance(target: Pick<Target, 'limits' | 'processes'>, planned: Planned): Scenario {
  const { scenario, label, timeline } = planned;
  const { maxErrorRate, maxErrorRateInPhase } = scenario;
  if (timeline.length === 0 || isDeclared(planned)) return scenario;
  const afterMs = requestsAfterHealing * limitsOf(target).requestDeadlineMs;
  const met = timeline.filter(({ fault }) => isMetByRequests(fault, target.processes));
  const fromFaults = declaredRate(scenario, 'none') + brokenShare(met, planned.durationMs, afterMs);
  const names = [label, ...timeline.map(({ fault }) => fault.name)];
  const rate = Math.min(1, Math.max(fromFaults, ...names.map((name) => declaredRate(scenario, name))));
  return {
    ...scenario,
    maxErrorRate: { ...maxErrorRate, [label]: rate },
    // Before the first fault nothing is broken, whatever follows.
    ...(maxErrorRateInPhase === undefined
      ? {}
      : {
          maxErrorRateInPhase: {
            ...maxErrorRateInPhase,
            ...(met.length === 0 ? {} : { fault: { default: 1 }, recovery: { default: 1 } }),
          },
        }),
  };
}

/** One fault that the scenario lists, no longer than one that is drawn for it. */
function isDeclared({ scenario, durationMs, timeline }: Planned): boolean {
  const [only, ...further] = timeline;
  if (only === undefined || further.length > 0) return false;
  const { short, ci = [], full = [], smoke = [] } = scenario.faults;
  const declared = new Set([...short, ...ci, ...full, ...smoke, ...Object.keys(scenario.maxErrorRate)]);
  const lastingMs = only.healAtMs - only.applyAtMs;
  return declared.has(only.fault.name) && lastingMs <= Math.ceil(durationMs * lastingShareMax);
}

function declaredRate({ maxErrorRate }: Scenario, name: string): number {
  return maxErrorRate[name] ?? maxErrorRate['default'] ?? 1;
}

/**
 * Whether requests meet what it breaks: a serving process, or a store or dependency of all processes. One that names nothing may break any of them; what
 * lasts for the whole load is a condition to work under, not an outage.
 */
function isMetByRequests({ breaks, wholeLoad }: Fault, processes: Target['processes']): boolean {
  const roles = breaks.filter((part) => part in processes);
  if (roles.length > 0) return roles.some((role) => processes[role]?.port !== undefined);
  return wholeLoad !== true;
}

/** The share of the load in which one of them is in force, or was until shortly before. */
function brokenShare(timeline: readonly PlannedInjection[], durationMs: number, afterMs: number): number {
  let brokenMs = 0;
  let untilMs = 0;
  for (const { applyAtMs, healAtMs } of timeline.toSorted((one, other) => one.applyAtMs - other.applyAtMs)) {
    const endMs = Math.min(durationMs, healAtMs + afterMs);
    brokenMs += Math.max(0, endMs - Math.max(applyAtMs, untilMs));
    untilMs = Math.max(untilMs, endMs);
  }
  return brokenMs / durationMs;
}
