/** How long the target needed, after the last fault was healed, until everything was well again and stayed so. Pure. */
import { isUnserved } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { FaultRecord } from '../../reports/record/report.ts';

/** One sample of the target's health. */
export interface HealthSample {
  readonly atMs: number;
  readonly well: boolean;
}

/**
 * Milliseconds from the last heal to the later of two moments: the first of the good samples that no bad one followed, and
 * the end of the last operation, started after the heal, that the target did not serve. Null without faults, or when the
 * target was not well at the last sample. `samples` is null for a target that says nothing of its health: then the operations alone decide.
 */
export function recoveryTimeMs(
  faults: readonly FaultRecord[],
  samples: readonly HealthSample[] | null,
  history: readonly Operation[],
): number | null {
  if (faults.length === 0) return null;
  const healedMs = Math.max(...faults.map((fault) => fault.healedMs));
  const wellMs = samples === null ? healedMs : wellFromMs(samples, healedMs);
  if (wellMs === null) return null;
  let lastUnservedMs = healedMs;
  for (const operation of history) {
    if (operation.startedMs > healedMs && operation.endedMs > lastUnservedMs && isUnserved(operation)) {
      lastUnservedMs = operation.endedMs;
    }
  }
  return Math.max(wellMs, lastUnservedMs) - healedMs;
}

function wellFromMs(samples: readonly HealthSample[], healedMs: number): number | null {
  const after = samples.filter((sample) => sample.atMs >= healedMs);
  const lastBad = after.findLastIndex((sample) => !sample.well);
  return after[lastBad + 1]?.atMs ?? null;
}
