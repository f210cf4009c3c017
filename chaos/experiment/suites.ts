/** Which outages a suite runs a scenario under: few for a look, all that were shown to make sense for CI, many at once for a soak. */
import type { PlannedFault } from '../../reports/record/report.ts';
import type { Experiment } from '../../scenarios/experiment.ts';
import { UsageError } from '../errors.ts';
import { findFault, noOutage } from '../faults/registry.ts';
import type { Capability } from '../stack/contract.ts';
import { planSoak, soakMinimumMs } from '../timeline/plan-soak.ts';

export const suiteNames = ['ci', 'smoke', 'soak'] as const;
export type SuiteName = (typeof suiteNames)[number];

/** The outage of a cell in which many faults overlap. */
export const soakOutage = 'soak';

/** Milliseconds; undefined where each scenario has its own. */
const durationsMs: Readonly<Record<SuiteName, number | undefined>> = {
  ci: undefined,
  smoke: 4_000,
  soak: 60_000,
};

export function suiteDurationMs(suite: SuiteName | undefined): number | undefined {
  return suite === undefined ? undefined : durationsMs[suite];
}

/** Throws UsageError unless it is the name of a suite. */
export function parseSuite(name: string): SuiteName {
  const suite = suiteNames.find((candidate) => candidate === name);
  if (suite === undefined)
    throw new UsageError(`--suite "${name}" does not exist`, `suites: ${suiteNames.join(', ')}`);
  return suite;
}

/** Outages in the order in which they are run. Those asked for by name may be any that the scenario declares. */
export function outagesOf(
  experiment: Experiment,
  suite: SuiteName | undefined,
  asked: readonly string[],
): readonly string[] {
  if (asked.length === 0) return outagesOfSuite(experiment, suite);
  return outagesOfSuite(experiment, suite ?? 'ci').filter((outage) => asked.includes(outage));
}

function outagesOfSuite(experiment: Experiment, suite: SuiteName | undefined): readonly string[] {
  const { outages, moreOutages = [], smokeOutages = [] } = experiment;
  if (suite === 'smoke') return smokeOutages;
  if (suite === 'soak') return [soakOutage];
  return [noOutage, ...outages, ...(suite === 'ci' ? moreOutages : [])];
}

/** What only a replica set of several can do: a soak is one cell, which every stack of the harness's own has to be able to run. */
const notInSoak: readonly Capability[] = ['mongo-partition'];

/** All outages of the scenario, many at once. Throws UsageError when the load is too short for that. */
export function soakTimeline(
  { name, outages, moreOutages = [] }: Experiment,
  seed: string,
  durationMs: number,
): readonly PlannedFault[] {
  if (durationMs < soakMinimumMs) {
    throw new UsageError(
      `--duration of a soak must be at least ${soakMinimumMs / 1_000} s, but is ${durationMs / 1_000} s`,
      'give it in seconds or with a unit, for example --duration 10m',
    );
  }
  const faults = [...outages, ...moreOutages]
    .flatMap((outage) => findFault(outage) ?? [])
    .filter(({ needs }) => !needs.some((need) => notInSoak.includes(need)));
  return planSoak(`${seed}/${name}`, durationMs, faults);
}
