/** For tests: experiments with a planted defect, in which eight faults of several kinds are played, and few of them matter. */
import { experiments } from '../../scenarios/registry.ts';
import type { PlannedFault } from '../../reports/record/report.ts';
import { defects } from '../defects/registry.ts';
import { HarnessError } from '../errors.ts';
import { experimentVersion, type ExperimentFile } from './experiment-file.ts';

export interface PlantedFailure {
  readonly defect: string;
  readonly invariant: string;
  readonly durationMs: number;
  readonly timeline: readonly PlannedFault[];
}

export const plantedFailures: readonly PlantedFailure[] = [
  {
    defect: 'nothing-saved-without-redis',
    invariant: 'I10',
    durationMs: 4_000,
    timeline: [
      planned('redis-down', 600, 1_600, {}),
      planned('db-sync-killed', 700, 1_000, { victim: 0 }),
      planned('mongo-slow', 1_700, 2_200, { latencyMs: 40, jitterMs: 5 }),
      planned('redis-slow', 1_800, 2_300, { latencyMs: 40, jitterMs: 5 }),
      planned('db-sync-killed', 1_900, 2_200, { victim: 0 }),
      planned('mongo-reset', 2_400, 2_700, { afterMs: 10 }),
      planned('db-sync-killed', 2_500, 2_800, { victim: 0 }),
      planned('mongo-slow', 2_900, 3_300, { latencyMs: 40, jitterMs: 5 }),
    ],
  },
  {
    defect: 'reads-need-redis',
    invariant: 'I14',
    durationMs: 7_000,
    // What must be served without Redis is judged only while all else is well, and has been for a while.
    timeline: [
      planned('mongo-slow', 400, 800, { latencyMs: 40, jitterMs: 5 }),
      planned('db-sync-killed', 500, 800, { victim: 0 }),
      planned('redis-slow', 600, 1_000, { latencyMs: 40, jitterMs: 5 }),
      planned('mongo-reset', 900, 1_200, { afterMs: 10 }),
      planned('db-sync-killed', 1_200, 1_500, { victim: 0 }),
      planned('mongo-slow', 1_400, 1_700, { latencyMs: 40, jitterMs: 5 }),
      planned('redis-slow', 1_500, 1_900, { latencyMs: 40, jitterMs: 5 }),
      planned('redis-down', 4_500, 6_000, {}),
    ],
  },
  {
    defect: 'direct-save-forced',
    invariant: 'I10',
    durationMs: 7_000,
    timeline: [
      planned('mongo-slow', 600, 1_300, { latencyMs: 40, jitterMs: 5 }),
      planned('redis-slow', 800, 1_500, { latencyMs: 40, jitterMs: 5 }),
      planned('db-sync-killed', 1_600, 2_000, { victim: 0 }),
      planned('mongo-reset', 1_700, 2_100, { afterMs: 10 }),
      planned('api-killed', 2_200, 2_600, { victim: 0 }),
      planned('redis-down', 2_800, 4_800, {}),
      planned('db-sync-killed', 3_200, 3_700, { victim: 0 }),
      planned('mongo-down', 5_000, 5_800, {}),
    ],
  },
  {
    defect: 'requests-without-deadline',
    invariant: 'I16',
    durationMs: 8_000,
    timeline: [
      planned('redis-slow', 600, 1_300, { latencyMs: 40, jitterMs: 5 }),
      planned('db-sync-killed', 800, 1_200, { victim: 0 }),
      planned('mongo-slow', 1_000, 1_500, { latencyMs: 40, jitterMs: 5 }),
      planned('redis-down', 1_600, 2_100, {}),
      planned('mongo-down', 2_200, 5_700, {}),
      planned('redis-slow', 2_600, 3_400, { latencyMs: 40, jitterMs: 5 }),
      planned('redis-reset', 3_800, 4_400, { afterMs: 10 }),
      planned('db-sync-killed', 6_000, 6_400, { victim: 0 }),
    ],
  },
  {
    defect: 'turn-begun-means-done',
    invariant: 'I1',
    durationMs: 6_000,
    timeline: [
      planned('redis-slow', 600, 1_100, { latencyMs: 40, jitterMs: 5 }),
      planned('mongo-slow', 700, 1_200, { latencyMs: 40, jitterMs: 5 }),
      planned('turn-processor-killed', 1_500, 3_500, { searchMs: 1_500 }),
      planned('db-sync-killed', 1_600, 2_000, { victim: 0 }),
      planned('api-killed', 2_200, 2_500, { victim: 0 }),
      planned('db-sync-killed', 2_600, 3_000, { victim: 0 }),
      planned('redis-reset', 3_700, 4_200, { afterMs: 10 }),
      planned('mongo-reset', 3_800, 4_300, { afterMs: 10 }),
    ],
  },
];

/** The cell that the defect claims, with the eight faults instead of its own. */
export function experimentWithEight({ defect: name, durationMs, timeline }: PlantedFailure): ExperimentFile {
  const defect = defects.find((candidate) => candidate.name === name);
  const scenario = experiments.find((candidate) => candidate.name === defect?.scenario);
  if (defect === undefined || scenario === undefined) {
    throw new HarnessError(`there is no defect "${name}"`, 'see chaos/defects/registry.ts');
  }
  return {
    experimentVersion,
    title: `${name} among eight faults`,
    scenario: scenario.name,
    outage: 'eight-faults',
    seed: 'eight',
    defect: name,
    world: { ...scenario.world },
    processes: { ...scenario.processes },
    load: { ...scenario.load, durationMs },
    settings: { ...scenario.settings, ...defect.variant?.settings },
    invariants: [...scenario.invariants],
    unavailableShareMax: 1,
    timeline: [...timeline],
  };
}

function planned(
  fault: string,
  applyAtMs: number,
  healAtMs: number,
  parameters: Readonly<Record<string, unknown>>,
): PlannedFault {
  return { fault, applyAtMs, healAtMs, parameters };
}
