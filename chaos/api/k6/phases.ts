/**
 * Which part of the run an operation falls into, so that thresholds can be scoped to it: `redcliff_unavailable{phase:fault}`. The
 * harness tells a script when its faults are planned; a k6 of any kind only ever sees a tag.
 */

export const phases = ['baseline', 'fault', 'recovery'] as const;
export type Phase = (typeof phases)[number];

/** Milliseconds since the start of the load, from the first fault to the end of the last. */
export interface FaultSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** With fewer arrivals than this an error rate is meaningless. */
const arrivalsMin = 20;

/**
 * As in the report, an operation that any part of the faults' time touched belongs to the fault, counted from its intended start.
 * Before an operation ends only its intended start is known: leave `endedMs` out. All are epoch times; `loadStartMs` is undefined before the load.
 */
export function phaseOf(
  faultSpan: FaultSpan | null,
  loadStartMs: number | undefined,
  intendedMs: number,
  endedMs: number = intendedMs,
): Phase {
  if (faultSpan === null || loadStartMs === undefined) return 'baseline';
  if (endedMs < loadStartMs + faultSpan.fromMs) return 'baseline';
  return intendedMs > loadStartMs + faultSpan.toMs ? 'recovery' : 'fault';
}

/** The phases that will have enough arrivals to judge: a threshold without samples must not count as passed. */
export function phasesToJudge({
  faultSpan,
  durationMs,
  ratePerSecond,
}: {
  readonly faultSpan: FaultSpan | null;
  readonly durationMs: number;
  readonly ratePerSecond: number;
}): Phase[] {
  const { fromMs, toMs } = faultSpan ?? { fromMs: durationMs, toMs: durationMs };
  const lengthsMs = { baseline: fromMs, fault: toMs - fromMs, recovery: durationMs - toMs };
  return phases.filter((phase) => (lengthsMs[phase] * ratePerSecond) / 1_000 >= arrivalsMin);
}
