/**
 * What a threshold that was crossed says on a machine that was short of processors: nothing, where it would have held but for what the machine
 * may be blamed for, by the rules by which a single request is judged (`starvation.ts`). A threshold that held stays so.
 */
import { attemptsOf, isUnserved } from '../history/fields.ts';
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';
import type { Threshold } from '../record/report.ts';
import { phaseOf, type Span } from '../statistics/phases.ts';
import {
  type MachineExcuses,
  machineExcuses,
  mayBeLateForIt,
  starved,
  starvedServingMs,
  starvedMs,
} from './starvation.ts';

/** Pure. `recoveryMs`: from the last heal to the steady state, null when it was not seen again. */
export function judgeThresholds(
  thresholds: readonly Threshold[],
  history: readonly Operation[],
  evidence: Evidence,
  recoveryMs: number | null,
): Threshold[] {
  const excuses = machineExcuses(history, evidence);
  return thresholds.map((threshold) => {
    if (threshold.verdict !== 'false') return threshold;
    const excuse = excuseOf(threshold, { history, evidence, excuses }, recoveryMs);
    return excuse === null ? threshold : { ...threshold, verdict: 'unknown', reason: starved(excuse) };
  });
}

interface Judged {
  readonly history: readonly Operation[];
  readonly evidence: Evidence;
  readonly excuses: MachineExcuses;
}

/** What the machine may have to do with it, in words; null when the threshold would have been crossed all the same. */
function excuseOf(
  { metric, expression }: Threshold,
  judged: Judged,
  recoveryMs: number | null,
): string | null {
  const { history, evidence, excuses } = judged;
  const [, name, phase] = /^(\w+)(?:\{phase:(\w+)\})?$/.exec(metric) ?? [];
  const [, aggregate, quantile, limit] =
    /^(rate|p\((\d+(?:\.\d+)?)\)|time)<=?(\d+(?:\.\d+)?)(?:ms)?$/.exec(expression) ?? [];
  if (limit === undefined) return null;
  if (name === 'recovery' && aggregate === 'time') {
    return excuseOfRecovery(judged, recoveryMs, Number(limit));
  }
  const spans = plannedSpans(evidence);
  const within =
    phase === undefined
      ? history
      : history.filter(({ intendedMs, endedMs }) => phaseOf(spans, intendedMs, endedMs) === phase);
  if (name === 'redcliff_unavailable' && aggregate === 'rate') {
    return excuseOfShare(within, excuses, Number(limit));
  }
  if (name === 'redcliff_latency' && quantile !== undefined) {
    return excuseOfLatency(within, evidence, 1 - Number(quantile) / 100, Number(limit));
  }
  return null;
}

function excuseOfShare(
  operations: readonly Operation[],
  excuses: MachineExcuses,
  shareMax: number,
): string | null {
  const unserved = operations.filter(isUnserved);
  const excused = unserved.filter((operation) => excuses.mayBeUnserved(operation)).length;
  if (excused === 0 || unserved.length - excused > shareMax * operations.length) return null;
  return `${excused} of the ${unserved.length} operations that were not served, of ${operations.length}, waited for a processor most of their time`;
}

/** Latency counts from the intended start: a client that had no processor came to its request late. */
function excuseOfLatency(
  operations: readonly Operation[],
  evidence: Evidence,
  shareMax: number,
  limitMs: number,
): string | null {
  const late = operations.filter(
    (operation) => (operation.endedMs - operation.intendedMs) / attemptsOf(operation) > limitMs,
  );
  const excused = late.filter((operation) => {
    const { intendedMs: startedMs, endedMs } = operation;
    return mayBeLateForIt(evidence, { startedMs, endedMs }, attemptsOf(operation), limitMs);
  }).length;
  if (excused === 0 || late.length - excused > shareMax * operations.length) return null;
  return `${excused} of the ${late.length} operations that took longer than ${limitMs} ms, of ${operations.length}, may have been late for want of a processor`;
}

/**
 * A target that never came back is judged by how long it was watched, and that by the harness, not by a client of the load. Nothing is excused when
 * an operation that came after the limit was singled out.
 */
function excuseOfRecovery(
  { history, evidence, excuses }: Judged,
  recoveryMs: number | null,
  limitMs: number,
): string | null {
  const healedMs = Math.max(...evidence.faults.map((fault) => fault.healedMs));
  const watchedUntilMs = evidence.processorWaits?.at(-1)?.toMs ?? healedMs;
  const tookMs = recoveryMs ?? watchedUntilMs - healedMs;
  const waitOf = recoveryMs === null ? starvedServingMs : starvedMs;
  const waitedMs = waitOf(evidence, healedMs, healedMs + tookMs);
  if (tookMs <= limitMs || tookMs - waitedMs > limitMs) return null;
  const late = history.filter(
    (operation) =>
      operation.startedMs > healedMs && operation.endedMs > healedMs + limitMs && isUnserved(operation),
  );
  if (late.some((operation) => excuses.isSingledOut(operation))) return null;
  return `of the ${Math.round(tookMs)} ms after the last heal ${recoveryMs === null ? 'the serving processes' : 'the client and a serving process'} waited ${Math.round(waitedMs)} ms for a processor`;
}

/** Scripts know the faults as they were planned, and tag by that. */
function plannedSpans({ faults, loadStartMs, loadEndMs }: Evidence): Span[] {
  if (faults.length === 0) return [{ name: 'baseline', startMs: loadStartMs, endMs: loadEndMs }];
  const startMs = loadStartMs + Math.min(...faults.map(({ applyAtMs }) => applyAtMs));
  const endMs = loadStartMs + Math.max(...faults.map(({ healAtMs }) => healAtMs));
  return [{ name: 'fault', startMs, endMs }];
}
