/** When each scenario has its VUs, and how many must be ready so that every one finds its own. */
import { executorFor } from '../executors/registry.ts';
import type { BoundExecutor } from '../executors/registry.ts';
import type { NamedScenario } from '../options/consolidate.ts';

export interface PlannedScenario {
  readonly options: NamedScenario;
  readonly executor: BoundExecutor;
  readonly startMs: number;
  /** Of the last interrupted iteration at the latest. */
  readonly endMs: number;
}

export function planScenarios(scenarios: readonly NamedScenario[]): PlannedScenario[] {
  return scenarios.map((options) => {
    const executor = executorFor(options);
    return {
      endMs: options.startTime + executor.durationMs + options.gracefulStop,
      executor,
      options,
      startMs: options.startTime,
    };
  });
}

/** The most VUs that scenarios which overlap in time need at once. */
export function vusNeeded(plan: readonly PlannedScenario[]): number {
  return mostAtOnce(plan, ({ executor }) => executor.plannedVus);
}

export function vusAtMost(plan: readonly PlannedScenario[]): number {
  return mostAtOnce(plan, ({ executor }) => executor.maxVus);
}

function mostAtOnce(plan: readonly PlannedScenario[], vusOf: (scenario: PlannedScenario) => number): number {
  const atStarts = plan.map(({ startMs }) =>
    plan
      .filter((other) => other.startMs <= startMs && other.endMs >= startMs)
      .reduce((sum, other) => sum + vusOf(other), 0),
  );
  return Math.max(0, ...atStarts);
}
