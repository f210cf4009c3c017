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
  return {
    process,
    f,
    type,
    value: { sessionId: 's1', status, ...value },
    intendedMs: startedMs,
    startedMs,
    endedMs,
  };
}

/** Evidence of a system that came to rest with one empty session; the overrides say what matters. */
export function evidence(overrides: Partial<Evidence> = {}): Evidence {
  return {
    scenario: 'literal',
    outage: 'none',
    limits: {
      requestDeadlineMs: 5000,
      deadlineToleranceMs: 500,
      l1TtlMs: 3000,
      l2TtlMs: 360_000,
      invalidationMs: 1000,
      recoveryMs: 10_000,
    },
    loadStartMs: 0,
    loadEndMs: 60_000,
    quiescedMs: 70_000,
    quiesceReason: 'quiet',
    faults: [],
    cache: [],
    queueLength: 0,
    ...overrides,
    database: {
      sessions: [{ _id: 's1', session_id: 's1', turn: 0, version: 1 }],
      generals: [],
      cities: [],
      nations: [],
      turn_log: [],
      ...overrides.database,
    },
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

export function general(no: number, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    _id: `s1:g${no}`,
    session_id: 's1',
    no,
    version: 1,
    turns_lived: 0,
    last_turn: 0,
    action_count: 0,
    orders: {},
    ...fields,
  };
}

export function session(turn: number): Record<string, unknown> {
  return { _id: 's1', session_id: 's1', turn, version: turn + 1 };
}

export function turnLog(...turns: number[]): Record<string, unknown>[] {
  return turns.map((turn) => ({ _id: `s1:${turn}`, session_id: 's1', turn }));
}
