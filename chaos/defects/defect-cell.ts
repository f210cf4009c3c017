/** The cell that a defect says will catch it: its scenario and outage, short, with the changes it declares. Pure. */
import type { PlannedFault } from '../../reports/record/report.ts';
import type { Experiment } from '../../scenarios/experiment.ts';
import { experiments } from '../../scenarios/registry.ts';
import { HarnessError } from '../errors.ts';
import type { CellPlan } from '../experiment/cell-plan.ts';
import { findFault, noOutage } from '../faults/registry.ts';
import { planTimeline } from '../timeline/plan.ts';
import type { CellVariant, Defect } from './defect.ts';

/** Long enough for a baseline, an outage and a recovery, and short enough for dozens of cells in a few minutes. */
export const defectDurationMs = 5_000;

const recoveryClaim = 'recovery';

/** Also under outages that the scenario's suite does not have. Throws HarnessError when the scenario or the outage does not exist. */
export function planDefectCell(defect: Defect, seed: string): CellPlan {
  const scenario = experiments.find(({ name }) => name === defect.scenario);
  const fault = findFault(defect.outage);
  if (scenario === undefined || (fault === undefined && defect.outage !== noOutage)) {
    throw new HarnessError(
      `the defect ${defect.name} claims a cell that does not exist: ${defect.scenario} × ${defect.outage}`,
      'correct its entry in chaos/defects/registry/',
    );
  }
  const variant = defect.variant ?? {};
  const durationMs = variant.durationMs ?? defectDurationMs;
  const timeline = fault === undefined ? [] : planTimeline(seed, scenario.name, fault, durationMs);
  return {
    experiment: varied(scenario, defect, variant),
    outage: defect.outage,
    seed,
    durationMs,
    timeline: timeline.map((planned) => variedFault(planned, variant)),
  };
}

function varied(experiment: Experiment, defect: Defect, variant: CellVariant): Experiment {
  const { load } = experiment;
  const ratePerSecond = variant.ratePerSecond ?? load.ratePerSecond;
  return {
    ...experiment,
    world: { ...experiment.world, ...variant.world },
    processes: { ...experiment.processes, ...variant.processes },
    load: {
      ...load,
      ratePerSecond,
      maxVus: variant.maxVus ?? Math.ceil((load.maxVus * ratePerSecond) / load.ratePerSecond),
      durationMs: variant.durationMs ?? defectDurationMs,
    },
    settings: { ...experiment.settings, ...variant.settings },
    invariants: [
      ...new Set([...experiment.invariants, ...defect.breaks.filter((claim) => claim !== recoveryClaim)]),
    ],
  };
}

function variedFault(fault: PlannedFault, { window, parameters }: CellVariant): PlannedFault {
  return { ...fault, ...window, parameters: { ...fault.parameters, ...parameters } };
}
