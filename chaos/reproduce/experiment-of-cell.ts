/** The experiment that one cell of a scenario is, to be run more than once. Pure. */
import { UsageError } from '../errors.ts';
import { planCells } from '../experiment/cell-plan.ts';
import { type ExperimentFile, experimentVersion } from './experiment-file.ts';

export interface CellWanted {
  readonly scenario: string;
  readonly outage: string;
  /** Of the load. */
  readonly durationMs: number;
  readonly seed: string;
  readonly title: string;
}

/** Throws UsageError when there is no such scenario or outage. */
export function experimentOfCell({ scenario, outage, durationMs, seed, title }: CellWanted): ExperimentFile {
  const [plan] = planCells({ scenarios: [scenario], outages: [outage], seed, durationMs });
  if (plan === undefined)
    throw new UsageError(`${scenario} × ${outage} does not exist`, 'see redcliff run --help');
  const { experiment, timeline } = plan;
  const { ratePerSecond, maxVus, setupMs } = experiment.load;
  const shares = experiment.unavailableShareMax;
  return {
    experimentVersion,
    title,
    scenario,
    outage,
    seed,
    defect: null,
    world: { ...experiment.world },
    processes: { ...experiment.processes },
    load: { durationMs, ratePerSecond, maxVus, ...(setupMs === undefined ? {} : { setupMs }) },
    settings: { ...experiment.settings },
    invariants: [...experiment.invariants],
    unavailableShareMax: shares[outage] ?? shares['default'] ?? 1,
    timeline: [...timeline],
  };
}
