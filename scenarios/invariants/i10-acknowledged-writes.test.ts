import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { acknowledgedWrites } from './i10-acknowledged-writes.ts';
import { evidence, general, operation, session, turnLog } from './testing/literal.ts';

type Type = Operation['type'];
/** Order `1-n` is acknowledged as the general's n-th action. */
const reserve = (order: string, type: Type, startedMs: number, endedMs: number, slot = 0): Operation => {
  const actionCount = Number(order.split('-')[1]);
  const told = type === 'ok' ? { version: actionCount + 1, actionCount } : {};
  return operation(1, 'reserve', type, { no: 1, slot, order, ...told }, [startedMs, endedMs]);
};

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
    expect(verdict.reason).toContain('which was overwritten before');
    expect(verdict.witnesses[0]?.operations).toEqual(operations);
    expect(verdict.witnesses[0]?.facts).toMatchObject({ expected: '1-2', found: '1-1' });
  });

  it('orders concurrent writes by the versions that they made', () => {
    const operations = [reserve('1-1', 'ok', 0, 25), reserve('1-2', 'ok', 20, 30)];
    expect(judged(operations, { 0: '1-1' }, 2).verdict).toBe('false');
    expect(judged(operations, { 0: '1-2' }, 2).verdict).toBe('true');
  });

  it('sees a version or a count that is lost, made twice, or goes back', () => {
    const stored = (fields: Record<string, unknown>) => ({ database: { generals: [general(1, fields)] } });
    const verdictOf = (operations: Operation[], fields: Record<string, unknown>) =>
      acknowledgedWrites.check(
        operations,
        evidence(stored({ orders: { 0: '1-2' }, action_count: 2, ...fields })),
      );
    const right = [reserve('1-1', 'ok', 0, 10), reserve('1-2', 'ok', 20, 30)];
    expect(verdictOf(right, { version: 3 }).verdict).toBe('true');
    expect(verdictOf(right, { version: 2 }).reason).toBe(
      'a reserve of general s1/1 was acknowledged as version 3, and the database has 2',
    );
    const train = (version: number, actionCount: number, at: number) =>
      operation(2, 'train', 'ok', { no: 1, amount: 1, version, actionCount }, [at, at + 10]);
    const verdictWith = (extra: Operation) =>
      verdictOf([...right, extra], { version: 9, action_count: 3 }).verdict;
    expect(verdictWith(train(4, 3, 40))).toBe('true');
    expect(verdictWith(train(3, 3, 40))).toBe('false');
    expect(verdictWith(train(4, 2, 40))).toBe('false');
    expect(
      verdictOf([train(4, 3, 0), { ...reserve('1-2', 'ok', 20, 30) }], { version: 4, action_count: 3 })
        .reason,
    ).toContain('after 4 had been');
  });

  it('accounts for experience, by trainings and by turns', () => {
    const grown = (experience: number, turns: number) =>
      acknowledgedWrites.check(
        [
          operation(1, 'train', 'ok', { no: 1, amount: 500, version: 2, actionCount: 1 }, [0, 5]),
          operation(2, 'train', 'info', { no: 1, amount: 7 }, [0, 5]),
        ],
        evidence({
          initial: { generals: [general(1, { experience: 10, officer_level: 2 })] },
          database: {
            generals: [
              general(1, { experience, officer_level: 2, action_count: 1, version: 9, turns_lived: turns }),
            ],
          },
        }),
      ).verdict;
    expect([510, 517].map((experience) => grown(experience, 0))).toEqual(['true', 'true']);
    expect([10, 511, 524].map((experience) => grown(experience, 0))).toEqual(['false', 'false', 'false']);
    expect([516, 523, 517].map((experience) => grown(experience, 2))).toEqual(['true', 'true', 'false']);
  });

  it('sees what was seeded and is gone, changed or there twice, and changes of all kinds that were lost', () => {
    const own = general(1, { orders: { 0: '1-1' }, action_count: 1, version: 2, name: 'Ada' });
    const reasonOf = (database: Record<string, Record<string, unknown>[]>, ...more: Operation[]) =>
      acknowledgedWrites.check(
        [reserve('1-1', 'ok', 0, 10), ...more],
        evidence({ initial: { generals: [own] }, database: { generals: [own], ...database } }),
      ).reason;
    expect(reasonOf({})).toContain('1 acknowledged writes');
    expect(reasonOf({ generals: [own, { ...own, _id: 'other' }] })).toContain('with the same');
    expect(reasonOf({ generals: [{ ...own, name: 'Bob' }] })).toContain(
      '"name" of s1:g1 was "Ada" and is "Bob"',
    );
    const other = (f: string, value: Record<string, unknown>) => operation(3, f, 'ok', value, [20, 30]);
    const lost = [
      other('finish-battle', { battle: 'b', city: 1, outcome: 'applied' }),
      other('hire', { nation: 1, name: 'x', gold: 1, population: 1, no: 2, outcome: 'applied' }),
      other('bid', { auction: 'x', bidder: 1, amount: 3, outcome: 'applied' }),
      other('diplomacy', { from: 1, to: 2, state: 'war', outcome: 'applied' }),
      other('play-round', { tournament: 't', round: 1, currentRound: 1, owed: 0, outcome: 'applied' }),
    ].map((operation) => reasonOf({}, operation));
    expect(lost.filter((reason) => reason.startsWith('1 acknowledged'))).toEqual([]);
  });

  it('accepts a write of unknown end that took effect, early or late, and one that did not', () => {
    const operations = [reserve('1-1', 'info', 0, 5), reserve('1-2', 'ok', 20, 30)];
    expect(judged(operations, { 0: '1-1' }, 2).verdict).toBe('true');
    expect(judged(operations, { 0: '1-2' }, 2).verdict).toBe('true');
    // It did not take effect, so the other one was the first.
    const first = operation(
      1,
      'reserve',
      'ok',
      { no: 1, slot: 0, order: '1-2', version: 2, actionCount: 1 },
      [20, 30],
    );
    expect(judged([reserve('1-1', 'info', 0, 5), first], { 0: '1-2' }, 1).verdict).toBe('true');
  });

  it('accepts nothing that was answered as failed, also where nothing was acknowledged', () => {
    const judge = (type: Type) =>
      judged([reserve('1-2', type, 0, 10), reserve('1-1', 'ok', 0, 10, 1)], { 0: '1-2', 1: '1-1' }, 1);
    expect(judge('fail').reason).toBe(
      'order "1-2" of general s1/1 slot 0 was answered as failed, and the database has it',
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
    const train = operation(2, 'train', 'ok', { no: 1, amount: 5, version: 3, actionCount: 2 }, [40, 50]);
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
