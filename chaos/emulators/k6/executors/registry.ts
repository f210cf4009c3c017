/** All executors, in alphabetical order. */
import type { NamedScenario } from '../options/consolidate.ts';
import { constantArrivalRate } from './constant-arrival-rate.ts';
import { constantVus } from './constant-vus.ts';
import type { Executor, ScenarioRun } from './executor.ts';
import { perVuIterations } from './per-vu-iterations.ts';
import { rampingArrivalRate } from './ramping-arrival-rate.ts';
import { rampingVus } from './ramping-vus.ts';
import { sharedIterations } from './shared-iterations.ts';
import type { ExecutorName, OptionsOf } from '../options/scenario.ts';

/** An executor with the options of one scenario. */
export interface BoundExecutor {
  readonly plannedVus: number;
  readonly maxVus: number;
  readonly durationMs: number;
  readonly description: string;
  run(scenario: ScenarioRun): Promise<void>;
}

export function executorFor(scenario: NamedScenario): BoundExecutor {
  switch (scenario.executor) {
    case 'constant-arrival-rate':
      return bind(constantArrivalRate, scenario);
    case 'constant-vus':
      return bind(constantVus, scenario);
    case 'per-vu-iterations':
      return bind(perVuIterations, scenario);
    case 'ramping-arrival-rate':
      return bind(rampingArrivalRate, scenario);
    case 'ramping-vus':
      return bind(rampingVus, scenario);
    case 'shared-iterations':
      return bind(sharedIterations, scenario);
  }
}

function bind<Name extends ExecutorName>(executor: Executor<Name>, options: OptionsOf<Name>): BoundExecutor {
  return {
    description: executor.describe(options),
    durationMs: executor.durationMs(options),
    maxVus: executor.maxVus(options),
    plannedVus: executor.plannedVus(options),
    run: (scenario) => executor.run(scenario, options),
  };
}
