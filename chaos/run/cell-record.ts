/** What report.json says of one cell: of one that ran to its end, and of one in which the harness failed. */
import { cellFolderName } from './cell-folder.ts';
import { isStarved, starved } from '../../reports/checkers/starvation.ts';
import { judgeThresholds } from '../../reports/checkers/thresholds.ts';
import type { History } from '../../reports/history/read-history.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import type { Cell, Gauge, Threshold, Verdict } from '../../reports/record/report.ts';
import { firstLine } from '../../reports/render/headline.ts';
import { summarise } from '../../reports/statistics/summarise.ts';
import type { Target } from '../api/define.ts';
import type { CellHost } from './cell-context.ts';
import { limitsOf } from './limits.ts';
import type { LoadResult } from './load.ts';
import type { CellPlan } from './plan.ts';
import { type HealthSample, recoveryTimeMs } from './recovery.ts';
import { describePlanned } from './timeline.ts';

export interface CellOutcome {
  readonly host: CellHost;
  readonly plan: CellPlan;
  readonly startedMs: number;
  readonly evidence: Evidence;
  readonly history: History;
  readonly verdicts: readonly Verdict[];
  readonly load: LoadResult;
  /** Processes of the target that ended without having been told to. */
  readonly unexpectedExits: readonly string[];
  /** Places beside its stores that the target tried to reach, in words. */
  readonly contacts: readonly string[];
  readonly sampled: { readonly gauges: Gauge[]; readonly health: readonly HealthSample[] };
}

export function describeCell(outcome: CellOutcome): Cell {
  const { host, plan, evidence, history, load, sampled } = outcome;
  const { limits, faults, loadStartMs, loadEndMs } = evidence;
  const watched = host.target.health !== undefined;
  const recoveryMs = recoveryTimeMs(faults, watched ? sampled.health : null, history.operations);
  const thresholds = [
    ...load.thresholds,
    // Whether a process of an attached target ended is not known.
    ...(host.target.attach === undefined ? [processThreshold(outcome.unexpectedExits)] : []),
    ...recoveryThreshold(faults.length > 0, recoveryMs, limits.recoveryMs),
  ];
  const { phases, seconds } = summarise(history.operations, faults, loadStartMs, loadEndMs);
  return {
    scenario: plan.scenario.name,
    fault: plan.label,
    seed: plan.seed,
    startedMs: outcome.startedMs,
    loadStartMs,
    loadEndMs,
    endedMs: host.clock.nowMs(),
    config: {
      ...configOf(plan, host.workers),
      droppedIterations: load.droppedIterations,
      rest: evidence.quiesceReason,
      unexpectedExits: outcome.unexpectedExits,
    },
    ...(outcome.contacts.length === 0 ? {} : { contacts: [...outcome.contacts] }),
    limits,
    timeline: plan.timeline.map(describePlanned),
    faults,
    phases,
    seconds,
    gauges: sampled.gauges,
    verdicts: [...outcome.verdicts],
    thresholds: judgeThresholds(thresholds, history.operations, evidence, recoveryMs),
    recoveryMs,
    harnessError: null,
    folder: cellFolderName(plan),
  };
}

interface Times {
  readonly startedMs: number;
  readonly endedMs: number;
}

/** The record of a cell in which the harness itself failed: no verdict, and the reason. */
export function failedCell(target: Target, plan: CellPlan, reason: string, times: Times): Cell {
  const cell = undecidedCell(target, plan, 'the harness failed in this cell', times);
  return { ...cell, harnessError: reason };
}

/** The record of a cell that did not get as far as its verdicts because the machine was too busy. */
export function starvedCell(target: Target, plan: CellPlan, reason: string, times: Times): Cell {
  return undecidedCell(target, plan, starved(firstLine(reason)), times);
}

function undecidedCell(target: Target, plan: CellPlan, reason: string, { startedMs, endedMs }: Times): Cell {
  return {
    scenario: plan.scenario.name,
    fault: plan.label,
    seed: plan.seed,
    startedMs,
    loadStartMs: startedMs,
    loadEndMs: endedMs,
    endedMs,
    config: configOf(plan, 1),
    limits: limitsOf(target),
    timeline: plan.timeline.map(describePlanned),
    faults: [],
    phases: [],
    seconds: [],
    gauges: [],
    verdicts: plan.scenario.invariants.map(({ invariant, title }) => ({
      invariant,
      title,
      verdict: 'unknown' as const,
      reason,
      witnesses: [],
    })),
    thresholds: [],
    recoveryMs: null,
    harnessError: null,
    folder: cellFolderName(plan),
  };
}

/** The second try of a cell, with what kept the first from its verdicts. */
export function withEarlierTry(first: Cell, second: Cell): Cell {
  const reasons = [...first.verdicts, ...first.thresholds]
    .filter(isStarved)
    .flatMap(({ reason }) => reason ?? []);
  return { ...second, earlierTry: { folder: first.folder, reasons: [...new Set(reasons)] } };
}

/** All that decided what was done in the cell. */
function configOf({ scenario, durationMs, mutant }: CellPlan, workers: number) {
  const { world, processes, load, settings } = scenario;
  return { world, processes, load: { ...load, durationMs, workers }, settings, mutant };
}

/** A process that ends by itself has failed, even if others compensated for it. */
function processThreshold(unexpectedExits: readonly string[]): Threshold {
  const verdict = unexpectedExits.length === 0 ? 'true' : 'false';
  return { metric: 'processes', expression: 'unexpected exits==0', verdict };
}

/** Liveness counts as well: a target that does not come back within its limit has failed. */
function recoveryThreshold(faulty: boolean, recoveryMs: number | null, limitMs: number): Threshold[] {
  if (!faulty) return [];
  const recovered = recoveryMs !== null && recoveryMs <= limitMs;
  return [{ metric: 'recovery', expression: `time<=${limitMs}ms`, verdict: recovered ? 'true' : 'false' }];
}
