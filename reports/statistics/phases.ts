/**
 * Divides the load into baseline, fault and recovery. An operation belongs to the fault when any part of it, counted
 * from its intended start, lies between the first application and the last healing: what was waiting when the fault
 * came must not blur the baseline, nor what was still waiting at its end the recovery.
 */
import type { FaultRecord, PhaseName } from '../record/report.ts';

export interface Span {
  readonly name: PhaseName;
  readonly startMs: number;
  readonly endMs: number;
}

/** Spans in order of time; without a fault the baseline alone. A phase that takes no time is left out. */
export function phaseSpans(faults: readonly FaultRecord[], loadStartMs: number, loadEndMs: number): Span[] {
  if (faults.length === 0) return [{ name: 'baseline', startMs: loadStartMs, endMs: loadEndMs }];
  const within = (timeMs: number): number => Math.min(Math.max(timeMs, loadStartMs), loadEndMs);
  const appliedMs = within(Math.min(...faults.map((fault) => fault.appliedMs)));
  const healedMs = within(Math.max(...faults.map((fault) => fault.healedMs)));
  const spans: Span[] = [
    { name: 'baseline', startMs: loadStartMs, endMs: appliedMs },
    { name: 'fault', startMs: appliedMs, endMs: healedMs },
    { name: 'recovery', startMs: healedMs, endMs: loadEndMs },
  ];
  return spans.filter((span) => span.endMs > span.startMs);
}

/** The phase of an operation that was to start at `intendedMs` and ended at `endedMs`. `spans` are those of phaseSpans. */
export function phaseOf(spans: readonly Span[], intendedMs: number, endedMs: number): PhaseName {
  const fault = spans.find((span) => span.name === 'fault');
  if (fault !== undefined) {
    if (endedMs < fault.startMs) return 'baseline';
    return intendedMs > fault.endMs ? 'recovery' : 'fault';
  }
  const last = spans.findLast((span) => intendedMs >= span.startMs);
  return (last ?? spans[0])?.name ?? 'baseline';
}
