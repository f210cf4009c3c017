/** The record of a cell in which the harness itself failed: no verdict, and the reason. */
import type { Cell } from '../../reports/record/report.ts';
import type { CellPlan } from './cell-plan.ts';
import { limits } from './system-settings.ts';

export function failedCell(
  plan: CellPlan,
  reason: string,
  times: { readonly startedMs: number; readonly endedMs: number },
  folder: string,
): Cell {
  return {
    scenario: plan.experiment.name,
    outage: plan.outage,
    seed: plan.seed,
    startedMs: times.startedMs,
    loadStartMs: times.startedMs,
    loadEndMs: times.endedMs,
    endedMs: times.endedMs,
    config: {
      world: plan.experiment.world,
      processes: plan.experiment.processes,
      load: { ...plan.experiment.load, durationMs: plan.durationMs },
      settings: plan.experiment.settings,
    },
    limits,
    timeline: [...plan.timeline],
    faults: [],
    phases: [],
    seconds: [],
    gauges: [],
    verdicts: plan.experiment.invariants.map((invariant) => ({
      invariant,
      title: invariant,
      verdict: 'unknown' as const,
      reason: 'the harness failed in this cell',
      witnesses: [],
    })),
    thresholds: [],
    recoveryMs: null,
    harnessError: reason,
    folder,
  };
}
