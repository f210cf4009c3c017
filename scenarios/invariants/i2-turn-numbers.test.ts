import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { turnNumbers } from './i2-turn-numbers.ts';
import { evidence, operation, session, turnLog } from './testing/literal.ts';

const turn = (
  number: number,
  outcome: string,
  at: number,
  process = 1,
  currentTurn = outcome === 'already' ? 2 : number,
): Operation => operation(process, 'turn', 'ok', { turn: number, outcome, currentTurn }, [at, at + 10]);
const read = (number: number, at: number): Operation =>
  operation(2, 'read-session', 'ok', { turn: number, version: number }, [at, at + 10]);
const history = [turn(1, 'applied', 100), turn(2, 'applied', 200), turn(1, 'already', 300)];

function judged(operations: Operation[], finalTurn: number, log: number[], overrides = {}) {
  const database = { sessions: [session(finalTurn)], turn_log: turnLog(...log) };
  return turnNumbers.check(operations, evidence({ database, ...overrides }));
}

describe('I2', () => {
  it('holds for a log without gap and answers that go forward', () => {
    expect(judged([...history, read(2, 400)], 2, [1, 2])).toMatchObject({ verdict: 'true' });
  });

  it('sees a gap in the log', () => {
    const verdict = judged([], 3, [1, 3]);
    expect(verdict.verdict).toBe('false');
    expect(verdict.witnesses[0]?.facts).toMatchObject({ missingTurns: [2], turnsBeyond: [] });
  });

  it('knows nothing of a gap while the system is not at rest', () => {
    expect(judged([], 3, [1, 3], { quiescedMs: null }).verdict).toBe('unknown');
  });

  it('passes over what got no answer', () => {
    const failed = operation(1, 'read-session', 'fail', {}, [0, 9]);
    const unclear = operation(2, 'turn', 'info', { turn: 9 }, [0, 9]);
    expect(judged([failed, unclear, ...history], 2, [1, 2]).verdict).toBe('true');
  });

  it('holds a turn against the session that acknowledged it, whatever else the answer says', () => {
    const odd = operation(1, 'turn', 'ok', { turn: 3, outcome: 'applied', currentTurn: 2 }, [0, 9]);
    expect(judged([odd], 2, [1, 2]).reason).toContain('was at turn 3 and ended at turn 2');
  });

  it('sees a turn in the log that the session has not reached', () => {
    expect(judged([], 1, [1, 2]).witnesses[0]?.facts).toMatchObject({ turnsBeyond: [2] });
    expect(judged([], 1, [0, 1]).reason).toBe('session s1 is at turn 1, and its log has turn 0 besides');
  });

  it('sees a turn acknowledged to a session that is not in the database', () => {
    const gone = operation(
      1,
      'turn',
      'ok',
      { sessionId: 's9', turn: 1, outcome: 'applied', currentTurn: 1 },
      [0, 9],
    );
    expect(judged([gone], 1, [1]).reason).toContain('it is not in the database');
  });

  it('sees a turn acknowledged as applied twice', () => {
    const verdict = judged([...history, turn(2, 'applied', 500, 3)], 2, [1, 2]);
    expect(verdict.verdict).toBe('false');
    expect(verdict.witnesses[0]?.operations).toHaveLength(2);
  });

  it('sees a turn refused as not due although the one before it was known', () => {
    const refused = (number: number, at: number, code = '409 turn_not_due'): Operation => ({
      ...operation(3, 'turn', 'fail', { turn: number, status: 409 }, [at, at + 10]),
      error: code,
    });
    const verdict = judged([...history, refused(3, 211)], 2, [1, 2]);
    expect(verdict.verdict).toBe('false');
    expect(verdict.reason).toBe(
      'turn 3 of session s1 was refused as not due, 1 ms after turn 2 or a later one was known to be processed',
    );
    expect(verdict.witnesses[0]?.operations).toHaveLength(2);
    expect(judged([...history, read(2, 400), refused(2, 420)], 2, [1, 2]).verdict).toBe('false');
    // Known at the same moment, never known, refused for another reason: nothing follows.
    expect(judged([...history, refused(3, 210)], 2, [1, 2]).verdict).toBe('true');
    expect(judged([...history, refused(4, 900)], 2, [1, 2]).verdict).toBe('true');
    expect(judged([...history, refused(3, 900, '409 lock_not_acquired')], 2, [1, 2]).verdict).toBe('true');
  });

  it('sees an acknowledged turn that the session lost', () => {
    const verdict = judged(history, 1, [1]);
    expect(verdict.verdict).toBe('false');
    expect(verdict.reason).toContain('was at turn 2 and ended at turn 1');
  });

  it('allows a read as old as L1 and an invalidation may make it, and not older', () => {
    // Turn 2 was acknowledged at 210; L1 TTL 3000 and invalidation 1000 are allowed.
    expect(judged([...history, read(1, 4210)], 2, [1, 2]).verdict).toBe('true');
    const verdict = judged([...history, read(1, 4211)], 2, [1, 2]);
    expect(verdict.verdict).toBe('false');
    expect(verdict.witnesses[0]?.facts).toMatchObject({ behindMs: 4001, allowedMs: 4000 });
  });

  it('sees an answer to a turn that shows an older session', () => {
    const late = operation(4, 'turn', 'ok', { turn: 9, outcome: 'skipped', currentTurn: 1 }, [9000, 9010]);
    expect(judged([...history, late], 2, [1, 2]).verdict).toBe('false');
  });

  it('knows nothing when no turn was processed', () => {
    expect(judged([read(0, 100)], 0, [])).toMatchObject({
      verdict: 'unknown',
      reason: 'no turn was processed',
    });
  });

  it('accuses of what is definite only when the system did not reach rest', () => {
    const unrest = { quiescedMs: null, quiesceReason: 'still busy' };
    expect(judged(history, 1, [1], unrest).verdict).toBe('unknown');
    expect(judged([...history, turn(2, 'applied', 500, 3)], 2, [1, 2], unrest).verdict).toBe('false');
    expect(judged([...history, read(1, 9000)], 2, [1, 2], unrest).verdict).toBe('false');
  });
});
