/** How long the system needed, after the last fault was healed, until everything was well again and stayed so. Pure. */
import { isUnserved } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { FaultRecord } from '../../reports/record/report.ts';

/** One look at the system's health; `well` when it served and saw Redis and MongoDB. */
export interface HealthSample {
  readonly atMs: number;
  readonly well: boolean;
}

/**
 * Milliseconds from the last heal to the later of two moments: the first of the good looks that no bad one followed, and
 * the end of the last operation, started after the heal, that the system did not serve. Null without faults, or when the
 * system was not well at the last look.
 */
export function recoveryTimeMs(
  faults: readonly FaultRecord[],
  samples: readonly HealthSample[],
  history: readonly Operation[],
): number | null {
  if (faults.length === 0) return null;
  const healedMs = Math.max(...faults.map((fault) => fault.healedMs));
  const after = samples.filter((sample) => sample.atMs >= healedMs);
  const lastBad = after.findLastIndex((sample) => !sample.well);
  const firstGood = after[lastBad + 1];
  if (firstGood === undefined) return null;
  let lastUnservedMs = healedMs;
  for (const operation of history) {
    if (operation.startedMs > healedMs && operation.endedMs > lastUnservedMs && isUnserved(operation)) {
      lastUnservedMs = operation.endedMs;
    }
  }
  return Math.max(firstGood.atMs, lastUnservedMs) - healedMs;
}
