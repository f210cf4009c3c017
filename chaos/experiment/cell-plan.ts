/** Which cells a command runs: pairs of scenario and outage, each with its timeline, checked before anything starts. */
import type { PlannedFault } from '../../reports/record/report.ts';
import type { Experiment } from '../../scenarios/experiment.ts';
import { experiments } from '../../scenarios/registry.ts';
import { UsageError } from '../errors.ts';
import { faults, findFault, noOutage } from '../faults/registry.ts';
import { planTimeline } from '../timeline/plan.ts';

export interface CellPlan {
  readonly experiment: Experiment;
  readonly outage: string;
  readonly seed: string;
  readonly durationMs: number;
  readonly timeline: readonly PlannedFault[];
}

export interface CellSelection {
  /** Names of scenarios; empty for all. */
  readonly scenarios: readonly string[];
  /** Names of outages, `none` for undisturbed; empty for all that each scenario declares. */
  readonly outages: readonly string[];
  readonly seed: string;
  /** Overrides every scenario's own duration; milliseconds. */
  readonly durationMs: number | undefined;
}

/** Too short a load has no baseline and no recovery to speak of. */
const durationMinimumMs = 1_000;

export function planCells(selection: CellSelection): CellPlan[] {
  const chosen = selection.scenarios.length === 0 ? experiments : selection.scenarios.map(experimentNamed);
  for (const outage of selection.outages) checkOutage(outage);
  if (selection.durationMs !== undefined && !(selection.durationMs >= durationMinimumMs)) {
    throw new UsageError(
      `--duration must be at least ${durationMinimumMs / 1_000} s, but is ${selection.durationMs / 1_000} s`,
      'give it in seconds or with a unit, for example --duration 20s',
    );
  }
  const cells = chosen.flatMap((experiment) =>
    outagesOf(experiment, selection.outages).map((outage) => planCell(experiment, outage, selection)),
  );
  if (cells.length === 0) {
    throw new UsageError(
      `no scenario chosen is run under ${selection.outages.join(', ')}`,
      `outages of each: ${chosen.map(({ name, outages }) => `${name}: ${outages.join(' ')}`).join('; ')}`,
    );
  }
  return cells;
}

function planCell(experiment: Experiment, outage: string, selection: CellSelection): CellPlan {
  const durationMs = selection.durationMs ?? experiment.load.durationMs;
  const fault = findFault(outage);
  const timeline =
    fault === undefined ? [] : planTimeline(selection.seed, experiment.name, fault, durationMs);
  return { experiment, outage, seed: selection.seed, durationMs, timeline };
}

function outagesOf(experiment: Experiment, asked: readonly string[]): readonly string[] {
  const declared = [noOutage, ...experiment.outages];
  return asked.length === 0 ? declared : declared.filter((outage) => asked.includes(outage));
}

function experimentNamed(name: string): Experiment {
  const experiment = experiments.find((candidate) => candidate.name === name);
  if (experiment === undefined) {
    throw new UsageError(
      `scenario "${name}" does not exist`,
      `scenarios: ${experiments.map((candidate) => candidate.name).join(', ')}`,
    );
  }
  return experiment;
}

function checkOutage(name: string): void {
  if (name !== noOutage && findFault(name) === undefined) {
    throw new UsageError(
      `--outage "${name}" does not exist`,
      `outages: ${[noOutage, ...faults.map((fault) => fault.name)].join(', ')}`,
    );
  }
}
