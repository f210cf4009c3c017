/** What a report says of a cell, made into the experiment that it was: nothing is drawn anew. Pure. */
import { z } from 'zod';
import type { Cell } from '../../reports/record/report.ts';
import { experiments } from '../../scenarios/registry.ts';
import { UsageError } from '../errors.ts';
import { experimentFileSchema, experimentVersion, type ExperimentFile } from './experiment-file.ts';

const { world, processes, load } = experimentFileSchema.shape;
const configSchema = z.looseObject({
  world,
  processes,
  // A record tells more of the load than an experiment asks for, such as how many cells were run at once.
  load: z.object(load.shape),
  settings: z.record(z.string(), z.string()).optional(),
  defect: z.string().nullish(),
});

/** Throws UsageError when the record lacks what is needed, or its scenario is no more. */
export function experimentOf(cell: Cell): ExperimentFile {
  const name = cellName(cell);
  const scenario = experiments.find((candidate) => candidate.name === cell.scenario);
  if (scenario === undefined) {
    throw new UsageError(
      `the report has the scenario "${cell.scenario}", which does not exist here`,
      'reproduce it with the Redcliff that made the report',
    );
  }
  const config = configSchema.safeParse(cell.config);
  if (!config.success) {
    const [issue] = config.error.issues;
    throw new UsageError(
      `the report does not say how ${name} was run: config.${issue?.path.join('.')}: ${issue?.message}`,
      'a report that was changed or cut cannot be reproduced; take the one in the folder of the run',
    );
  }
  const shares = scenario.unavailableShareMax;
  return {
    experimentVersion,
    title: `${name} as it was recorded`,
    scenario: cell.scenario,
    outage: cell.outage,
    seed: cell.seed,
    defect: config.data.defect ?? null,
    world: config.data.world,
    processes: config.data.processes,
    load: config.data.load,
    settings: config.data.settings ?? { ...scenario.settings },
    invariants: cell.verdicts.map(({ invariant }) => invariant),
    unavailableShareMax: recordedShare(cell) ?? shares[cell.outage] ?? shares['default'] ?? 1,
    timeline: cell.timeline,
  };
}

export function cellName({
  scenario,
  outage,
}: {
  readonly scenario: string;
  readonly outage: string;
}): string {
  return `${scenario} × ${outage}`;
}

/** The share stands in the threshold that was made of it. */
function recordedShare(cell: Cell): number | null {
  const threshold = cell.thresholds.find(({ metric }) => metric === 'redcliff_unavailable');
  const share = /^rate<=(\d+(?:\.\d+)?)$/.exec(threshold?.expression ?? '')?.[1];
  return share === undefined ? null : Number(share);
}
