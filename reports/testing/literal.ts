/** Short ways to write histories and evidence down in tests, where each line should show what matters and no more. */
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';
import type { FaultRecord } from '../record/report.ts';

type Times = readonly [startedMs: number, endedMs: number];

export function operation(
  process: number,
  f: string,
  type: Operation['type'],
  value: Record<string, unknown>,
  [startedMs, endedMs]: Times,
): Operation {
  const status = type === 'ok' ? 200 : type === 'fail' ? 503 : 0;
  return { process, f, type, value: { status, ...value }, intendedMs: startedMs, startedMs, endedMs };
}

/** Evidence of a target at rest with an empty database; the overrides say what matters. */
export function evidence(overrides: Partial<Evidence> = {}): Evidence {
  return {
    scenario: 'literal',
    fault: 'none',
    limits: { requestDeadlineMs: 5000, deadlineToleranceMs: 500, recoveryMs: 10_000 },
    loadStartMs: 0,
    loadEndMs: 60_000,
    quiescedMs: 70_000,
    quiesceReason: 'quiet',
    faults: [],
    database: {},
    cache: [],
    ...overrides,
  };
}

export function fault(name: string, [appliedMs, healedMs]: Times, observed = true): FaultRecord {
  return {
    fault: name,
    applyAtMs: appliedMs,
    healAtMs: healedMs,
    parameters: {},
    appliedMs,
    healedMs,
    effect: { observed, evidence: observed ? '3 connections cut' : 'no connection was open', measures: {} },
  };
}
