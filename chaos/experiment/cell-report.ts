/** Puts together what report.json says of one cell. */
import { relative } from 'node:path';
import { judgeThresholds } from '../../reports/checkers/thresholds.ts';
import type { History } from '../../reports/history/read-history.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import type { Cell, Gauge, Threshold, Verdict } from '../../reports/record/report.ts';
import { summarise } from '../../reports/statistics/summarise.ts';
import type { CellPlan } from './cell-plan.ts';
import type { LoadResult } from './load.ts';
import { recoveryTimeMs, type HealthSample } from './recovery.ts';
import type { RunContext } from './run-context.ts';

export interface CellOutcome {
  readonly run: RunContext;
  readonly plan: CellPlan;
  readonly folder: string;
  readonly startedMs: number;
  readonly evidence: Evidence;
  readonly history: History;
  readonly verdicts: readonly Verdict[];
  readonly load: LoadResult;
  /** Processes of the system that ended without having been told to. */
  readonly unexpectedExits: readonly string[];
  readonly sampled: { readonly gauges: Gauge[]; readonly health: readonly HealthSample[] };
}

export function describeCell(outcome: CellOutcome): Cell {
  const { run, plan, evidence, history, load, sampled } = outcome;
  const { experiment } = plan;
  const { limits, faults, loadStartMs, loadEndMs } = evidence;
  const recoveryMs = recoveryTimeMs(faults, sampled.health, history.operations);
  const thresholds = [
    ...load.thresholds,
    processThreshold(outcome.unexpectedExits),
    ...recoveryThreshold(faults.length > 0, recoveryMs, limits.recoveryMs),
  ];
  const { phases, seconds } = summarise(history.operations, faults, loadStartMs, loadEndMs);
  return {
    scenario: experiment.name,
    outage: plan.outage,
    seed: plan.seed,
    startedMs: outcome.startedMs,
    loadStartMs,
    loadEndMs,
    endedMs: run.clock.nowMs(),
    config: {
      world: experiment.world,
      processes: experiment.processes,
      load: { ...experiment.load, durationMs: plan.durationMs, lanes: run.lanes ?? 1 },
      settings: experiment.settings,
      droppedIterations: load.droppedIterations,
      defect: run.defect,
      rest: evidence.quiesceReason,
      unexpectedExits: outcome.unexpectedExits,
    },
    limits,
    timeline: [...plan.timeline],
    faults,
    phases,
    seconds,
    gauges: sampled.gauges,
    verdicts: [...outcome.verdicts],
    thresholds: judgeThresholds(thresholds, history.operations, evidence, recoveryMs),
    recoveryMs,
    harnessError: null,
    folder: relative(run.runFolder, outcome.folder),
  };
}

/** A process that ends by itself has failed, whatever the others made good for it. */
function processThreshold(unexpectedExits: readonly string[]): Threshold {
  const verdict = unexpectedExits.length === 0 ? 'true' : 'false';
  return { metric: 'processes', expression: 'unexpected exits==0', verdict };
}

/** Liveness counts as well: a system that does not come back within its limit has failed. */
function recoveryThreshold(broken: boolean, recoveryMs: number | null, limitMs: number): Threshold[] {
  if (!broken) return [];
  const recovered = recoveryMs !== null && recoveryMs <= limitMs;
  return [{ metric: 'recovery', expression: `time<=${limitMs}ms`, verdict: recovered ? 'true' : 'false' }];
}
