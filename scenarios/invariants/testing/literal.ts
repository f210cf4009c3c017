/** Short ways to write histories and evidence of the game down in tests. */
import type { Operation } from '../../../reports/history/operation.ts';
import type { Evidence } from '../../../reports/record/evidence.ts';
import * as literal from '../../../reports/testing/literal.ts';

export { fault } from '../../../reports/testing/literal.ts';

/** Of session s1 unless the value says otherwise. */
export function operation(
  process: number,
  f: string,
  type: Operation['type'],
  value: Record<string, unknown>,
  times: readonly [startedMs: number, endedMs: number],
): Operation {
  return literal.operation(process, f, type, { sessionId: 's1', ...value }, times);
}

/** Evidence of a system at rest with one empty session; the overrides say what matters. */
export function evidence(overrides: Partial<Evidence> = {}): Evidence {
  const plain = literal.evidence(overrides);
  return {
    ...plain,
    limits: overrides.limits ?? { ...plain.limits, l1TtlMs: 3000, l2TtlMs: 360_000, invalidationMs: 1000 },
    queueLength: overrides.queueLength === undefined ? 0 : overrides.queueLength,
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
