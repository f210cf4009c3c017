/** Which cells a command runs: pairs of scenario and outage, each with its timeline, checked before anything starts. */
import type { PlannedFault } from '../../reports/record/report.ts';
import type { Experiment } from '../../scenarios/experiment.ts';
import { experiments } from '../../scenarios/registry.ts';
import { UsageError } from '../errors.ts';
import { faults, findFault, noOutage } from '../faults/registry.ts';
import { planTimeline } from '../timeline/plan.ts';
import { outagesOf, soakOutage, soakTimeline, suiteDurationMs, type SuiteName } from './suites.ts';

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
  /** Names of outages, `none` for undisturbed; empty for all of the suite. */
  readonly outages: readonly string[];
  /** Undefined for what is run when nothing else is asked for. */
  readonly suite?: SuiteName | undefined;
  /** Written by hand, instead of outages; each scenario chosen is run once under it. */
  readonly timeline?: readonly PlannedFault[] | undefined;
  readonly seed: string;
  /** Overrides every scenario's own duration; milliseconds. */
  readonly durationMs: number | undefined;
}

/** Too short a load has no baseline and no recovery to speak of. */
const durationMinimumMs = 1_000;
/** The outage of a cell whose timeline was written by hand. */
const handWritten = 'timeline';

export function planCells(selection: CellSelection): CellPlan[] {
  const chosen = chosenBy(selection);
  for (const outage of selection.outages) checkOutage(outage);
  if (selection.durationMs !== undefined && !(selection.durationMs >= durationMinimumMs)) {
    throw new UsageError(
      `--duration must be at least ${durationMinimumMs / 1_000} s, but is ${selection.durationMs / 1_000} s`,
      'give it in seconds or with a unit, for example --duration 20s',
    );
  }
  const { timeline } = selection;
  if (timeline !== undefined) return chosen.map((experiment) => planByHand(experiment, timeline, selection));
  const cells = chosen.flatMap((experiment) =>
    outagesOf(experiment, selection.suite, selection.outages).map((outage) =>
      planCell(experiment, outage, selection),
    ),
  );
  if (cells.length === 0) {
    throw new UsageError(
      `no scenario chosen is run under ${selection.outages.join(', ') || 'any outage'}${selection.suite === undefined ? '' : ` in the suite ${selection.suite}`}`,
      `outages of each: ${chosen.map((experiment) => `${experiment.name}: ${outagesOf(experiment, selection.suite ?? 'ci', []).join(' ')}`).join('; ')}`,
    );
  }
  return cells;
}

function planCell(experiment: Experiment, outage: string, selection: CellSelection): CellPlan {
  const { seed, suite } = selection;
  const ownMs = experiment.durationMsUnder?.[outage] ?? experiment.load.durationMs;
  const durationMs = selection.durationMs ?? suiteDurationMs(suite) ?? ownMs;
  return { experiment, outage, seed, durationMs, timeline: timelineOf() };

  function timelineOf(): readonly PlannedFault[] {
    if (outage === soakOutage) return soakTimeline(experiment, seed, durationMs);
    const fault = findFault(outage);
    return fault === undefined ? [] : planTimeline(seed, experiment.name, fault, durationMs);
  }
}

function planByHand(
  experiment: Experiment,
  timeline: readonly PlannedFault[],
  selection: CellSelection,
): CellPlan {
  const durationMs = selection.durationMs ?? experiment.load.durationMs;
  const late = timeline.findIndex(({ healAtMs }) => healAtMs > durationMs);
  if (late >= 0) {
    throw new UsageError(
      `--timeline [${late}].healAtMs is ${timeline[late]?.healAtMs}, but the load of ${experiment.name} ends after ${durationMs} ms`,
      'heal it earlier, or give a longer --duration',
    );
  }
  return { experiment, outage: handWritten, seed: selection.seed, durationMs, timeline };
}

/** Asked for nothing, a run is short: some scenarios are left to the suites. */
function chosenBy({ scenarios, outages, suite }: CellSelection): readonly Experiment[] {
  if (scenarios.length > 0) return scenarios.map(experimentNamed);
  const nothingAsked = suite === undefined && outages.length === 0;
  return experiments.filter(({ byDefault }) => byDefault !== false || !nothingAsked);
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
