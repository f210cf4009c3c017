import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { acknowledgedWrites } from './i10-acknowledged-writes.ts';
import { evidence, general, operation, session, turnLog } from './testing/literal.ts';

type Type = Operation['type'];
const reserve = (order: string, type: Type, startedMs: number, endedMs: number, slot = 0): Operation =>
  operation(1, 'reserve', type, { no: 1, slot, order, version: 2, actionCount: 1 }, [startedMs, endedMs]);

function judged(
  operations: Operation[],
  orders: Record<string, string>,
  actionCount: number,
  overrides = {},
) {
  const database = { generals: [general(1, { orders, action_count: actionCount })] };
  return acknowledgedWrites.check(operations, evidence({ database, ...overrides }));
}

describe('I10', () => {
  it('holds when the last acknowledged write is there', () => {
    const operations = [reserve('1-1', 'ok', 0, 10), reserve('1-2', 'ok', 20, 30)];
    const verdict = judged(operations, { 0: '1-2' }, 2);
    expect(verdict).toMatchObject({ verdict: 'true' });
    expect(verdict.reason).toContain('2 acknowledged writes to 1 generals');
  });

  it('names the acknowledged write that an older one replaced', () => {
    const operations = [reserve('1-1', 'ok', 0, 10), reserve('1-2', 'ok', 20, 30)];
    const verdict = judged(operations, { 0: '1-1' }, 2);
    expect(verdict.verdict).toBe('false');
    expect(verdict.reason).toContain('whose write had ended before');
    expect(verdict.witnesses[0]?.operations).toEqual(operations);
    expect(verdict.witnesses[0]?.facts).toMatchObject({ expected: '1-2', found: '1-1' });
  });

  it('accepts either of two concurrent writes', () => {
    const operations = [reserve('1-1', 'ok', 0, 25), reserve('1-2', 'ok', 20, 30)];
    expect(judged(operations, { 0: '1-1' }, 2).verdict).toBe('true');
    expect(judged(operations, { 0: '1-2' }, 2).verdict).toBe('true');
  });

  it('takes an end and a start at the same millisecond for concurrent', () => {
    const operations = [reserve('1-1', 'ok', 0, 20), reserve('1-2', 'ok', 20, 30)];
    expect(judged(operations, { 0: '1-1' }, 2).verdict).toBe('true');
    expect(judged([reserve('1-1', 'ok', 0, 19), reserve('1-2', 'ok', 20, 30)], { 0: '1-1' }, 2).verdict).toBe(
      'false',
    );
  });

  it('accepts a write of unknown end that took effect, early or late, and one that did not', () => {
    const operations = [reserve('1-1', 'info', 0, 5), reserve('1-2', 'ok', 20, 30)];
    expect(judged(operations, { 0: '1-1' }, 2).verdict).toBe('true');
    expect(judged(operations, { 0: '1-2' }, 2).verdict).toBe('true');
    expect(judged(operations, { 0: '1-2' }, 1).verdict).toBe('true');
  });

  it('accepts nothing that was answered as failed, also where nothing was acknowledged', () => {
    const judge = (type: Type) =>
      judged([reserve('1-1', type, 0, 10), reserve('1-2', 'ok', 0, 10, 1)], { 0: '1-1', 1: '1-2' }, 1);
    expect(judge('fail').reason).toBe(
      'order "1-1" of general s1/1 slot 0 was answered as failed, and the database has it',
    );
    expect(judge('info').verdict).toBe('true');
    const twice = {
      ...reserve('1-1', 'fail', 0, 10),
      value: { ...reserve('1-1', 'fail', 0, 10).value, attempts: 2 },
    };
    expect(judged([twice, reserve('1-2', 'ok', 0, 10, 1)], { 0: '1-1', 1: '1-2' }, 2).verdict).toBe('true');
  });

  it('does not accept that a write answered as failed replaced an acknowledged one', () => {
    const operations = [reserve('1-1', 'ok', 0, 10), reserve('1-2', 'fail', 20, 30)];
    const verdict = judged(operations, { 0: '1-2' }, 1);
    expect(verdict.verdict).toBe('false');
    expect(verdict.reason).toContain('whose write was answered as failed');
  });

  it('takes a write that was sent twice and answered as failed for one of unknown end', () => {
    const twice = reserve('1-2', 'fail', 20, 30);
    const operations = [reserve('1-1', 'ok', 0, 10), { ...twice, value: { ...twice.value, attempts: 2 } }];
    expect(judged(operations, { 0: '1-2' }, 2).verdict).toBe('true');
    expect(judged(operations, { 0: '1-1' }, 1).verdict).toBe('true');
  });

  it('does not accept the text of another slot', () => {
    const operations = [reserve('1-1', 'ok', 0, 10), reserve('1-2', 'info', 20, 30, 5)];
    expect(judged(operations, { 0: '1-2' }, 1).verdict).toBe('false');
  });

  it('sees an empty slot, and a general that is gone', () => {
    const empty = judged([reserve('1-1', 'ok', 0, 10)], {}, 1);
    expect(empty.reason).toBe(
      'order "1-1" of general s1/1 slot 0 was acknowledged and is missing: the database has nothing there',
    );
    expect(empty.witnesses[0]?.operations).toEqual([reserve('1-1', 'ok', 0, 10)]);
    expect(judged([reserve('1-1', 'ok', 0, 10)], { 0: 'forged' }, 1).reason).toContain('which nobody wrote');
    const gone = acknowledgedWrites.check([reserve('1-1', 'ok', 0, 10)], evidence());
    expect(gone.verdict).toBe('false');
  });

  it('counts actions between the acknowledged and the possible', () => {
    const train = operation(2, 'train', 'ok', { no: 1, amount: 5, version: 3, actionCount: 1 }, [40, 50]);
    const operations = [reserve('1-1', 'ok', 0, 10), train, reserve('1-2', 'info', 60, 70, 1)];
    expect(judged(operations, { 0: '1-1' }, 1).verdict).toBe('false');
    expect(judged(operations, { 0: '1-1' }, 2).verdict).toBe('true');
    expect(judged(operations, { 0: '1-1', 1: '1-2' }, 3).verdict).toBe('true');
    expect(judged(operations, { 0: '1-1' }, 4).verdict).toBe('false');
  });

  it('does not count a failed action as possible', () => {
    const operations = [reserve('1-1', 'ok', 0, 10), reserve('1-2', 'fail', 20, 30)];
    expect(judged(operations, { 0: '1-1' }, 2).verdict).toBe('false');
  });

  it('sees an acknowledged turn that is not in the log', () => {
    const turn = operation(1, 'turn', 'ok', { turn: 1, outcome: 'applied', currentTurn: 1 }, [0, 10]);
    const withLog = (...turns: number[]) =>
      acknowledgedWrites.check(
        [turn],
        evidence({ database: { sessions: [session(1)], turn_log: turnLog(...turns) } }),
      );
    expect(withLog(1).verdict).toBe('true');
    expect(withLog().verdict).toBe('false');
    const unrest = { quiescedMs: null, database: { sessions: [session(1)], turn_log: [] } };
    expect(acknowledgedWrites.check([turn], evidence(unrest)).verdict).toBe('unknown');
  });

  it('knows nothing when no write was acknowledged', () => {
    expect(judged([reserve('1-1', 'info', 0, 10)], {}, 0)).toMatchObject({
      verdict: 'unknown',
      reason: 'no write was acknowledged',
    });
  });

  it('knows nothing when a client wrote what the history does not tell of', () => {
    const verdict = judged([reserve('1-1', 'ok', 0, 10)], { 0: '9-4' }, 2);
    expect(verdict.verdict).toBe('unknown');
    expect(verdict.reason).toContain('"9-4"');
  });

  it('accuses of a missing write only at rest, of a doubled action always', () => {
    const unrest = { queueLength: 3 };
    expect(judged([reserve('1-1', 'ok', 0, 10)], {}, 0, unrest).verdict).toBe('unknown');
    expect(judged([reserve('1-1', 'ok', 0, 10)], {}, 1, unrest).verdict).toBe('unknown');
    expect(judged([reserve('1-1', 'ok', 0, 10)], { 0: '1-1' }, 2, unrest).verdict).toBe('false');
  });
});
