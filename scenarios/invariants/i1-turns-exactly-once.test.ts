import { describe, expect, it } from 'vitest';
import { turnsExactlyOnce } from './i1-turns-exactly-once.ts';
import { evidence, fault, general, operation, session, turnLog } from './testing/literal.ts';

const applied = (turn: number, at: number) =>
  operation(1, 'turn', 'ok', { turn, outcome: 'applied', currentTurn: turn }, [at, at + 10]);
const turns = [applied(1, 100), applied(2, 200)];
const elsewhere = operation(
  2,
  'turn',
  'ok',
  { sessionId: 's2', turn: 2, outcome: 'applied', currentTurn: 2 },
  [0, 9],
);
const history = [
  ...turns,
  elsewhere,
  operation(3, 'read-session', 'ok', { turn: 2, version: 3 }, [300, 310]),
];

function judged(database: Record<string, Record<string, unknown>[]>, overrides = {}) {
  return turnsExactlyOnce.check(
    history,
    evidence({ database: { sessions: [session(2)], turn_log: turnLog(1, 2), ...database }, ...overrides }),
  );
}

describe('I1', () => {
  it('holds when every general, city and nation lived every turn', () => {
    const lived = { session_id: 's1', turns_lived: 2, last_turn: 2 };
    const verdict = judged({
      generals: [general(1, lived)],
      cities: [{ _id: 's1:c1', ...lived }],
      nations: [{ _id: 's1:n1', ...lived }],
    });
    expect(verdict).toMatchObject({ verdict: 'true', witnesses: [] });
    expect(verdict.reason).toContain('2 turns of 1 sessions');
    expect(verdict.reason).toContain('3 generals');
  });

  it('names the general that missed a turn, with the turns around it', () => {
    const verdict = judged({ generals: [general(7, { turns_lived: 1, last_turn: 1 })] });
    expect(verdict.verdict).toBe('false');
    expect(verdict.witnesses[0]?.facts).toMatchObject({
      general: 's1:g7',
      expectedTurnsLived: 2,
      foundTurnsLived: 1,
      foundLastTurn: 1,
    });
    expect(verdict.witnesses[0]?.operations).toEqual(turns);
  });

  it('sees a doubled effect', () => {
    expect(judged({ generals: [general(1, { turns_lived: 3, last_turn: 2 })] }).verdict).toBe('false');
  });

  it('shows for a doubled effect the turns that ended during a fault', () => {
    const log = [
      { _id: 's1:1', session_id: 's1', turn: 1, processed_at: '1970-01-01T00:00:00.105Z' },
      { _id: 's1:2', session_id: 's1', turn: 2, processed_at: '1970-01-01T00:00:20.000Z' },
    ];
    const faults = [fault('turn-processor-killed', [50, 150])];
    const doubled = { generals: [general(1, { turns_lived: 3, last_turn: 2 })], turn_log: log };
    expect(judged(doubled, { faults }).witnesses[0]?.operations).toEqual([turns[0]]);
    expect(judged(doubled).witnesses[0]?.operations).toEqual(turns);
  });

  it('sees a guard that runs behind although the count is right', () => {
    expect(judged({ generals: [general(1, { turns_lived: 2, last_turn: 1 })] }).verdict).toBe('false');
  });

  it.each(['cities', 'nations'])('judges %s as well', (collection) => {
    const document = { _id: 's1:x1', session_id: 's1', turns_lived: 1, last_turn: 1 };
    expect(judged({ [collection]: [document] }).verdict).toBe('false');
  });

  it('lets the turns of a destroyed nation end with it, but not tear', () => {
    const nation = { _id: 's1:n1', session_id: 's1', status: 'destroyed' };
    expect(judged({ nations: [{ ...nation, turns_lived: 1, last_turn: 1 }] }).verdict).toBe('true');
    expect(judged({ nations: [{ ...nation, turns_lived: 2, last_turn: 1 }] }).verdict).toBe('false');
    expect(judged({ nations: [{ ...nation, turns_lived: 3, last_turn: 3 }] }).verdict).toBe('false');
    expect(judged({ nations: [{ ...nation, status: 'active', turns_lived: 1, last_turn: 1 }] }).verdict).toBe(
      'false',
    );
  });

  it('sees a turn that is twice in the log, and one that is not in it', () => {
    expect(judged({ turn_log: turnLog(1, 2, 2) }).verdict).toBe('false');
    expect(judged({ turn_log: turnLog(2) }).verdict).toBe('false');
  });

  it('knows nothing when no turn was processed', () => {
    const verdict = judged({ sessions: [session(0)], turn_log: [], generals: [general(1)] });
    expect(verdict).toMatchObject({ verdict: 'unknown', reason: 'no turn was processed' });
  });

  it('knows nothing of a lag when the system did not reach rest, but still sees a torn count', () => {
    const unrest = { quiescedMs: null, quiesceReason: 'queue not drained' };
    const lagging = { generals: [general(1, { turns_lived: 1, last_turn: 1 })] };
    expect(judged(lagging, unrest)).toMatchObject({ verdict: 'unknown' });
    expect(judged(lagging, unrest).reason).toContain('queue not drained');
    expect(judged({ generals: [general(1, { turns_lived: 3, last_turn: 2 })] }, unrest).verdict).toBe(
      'false',
    );
    expect(judged({ turn_log: turnLog(2) }, unrest).verdict).toBe('unknown');
    expect(judged({ turn_log: turnLog(1, 1, 2) }, unrest).verdict).toBe('false');
  });
});
