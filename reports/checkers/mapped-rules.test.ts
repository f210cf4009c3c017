import { describe, expect, it } from 'vitest';
import { evidence, fault, operation } from '../testing/literal.ts';
import { conserved } from './conserved.ts';
import { exactlyOnce } from './exactly-once.ts';
import { lockReleased } from './lock-released.ts';
import { mutualExclusion } from './mutual-exclusion.ts';
import { monotonicReads, readYourWrites } from './session-reads.ts';
import { unique } from './unique.ts';

type Times = readonly [number, number];

describe('unique', () => {
  const numbered = (type: 'info' | 'ok', number: number) => operation(1, 'order', type, { number }, [0, 1]);
  const answers = unique({ operations: { f: 'order', value: 'number' } });

  it('finds a number that two were answered with', () => {
    expect(answers.check([numbered('ok', 1), numbered('ok', 2)], evidence()).verdict).toBe('true');
    expect(answers.check([numbered('ok', 1), numbered('ok', 1)], evidence())).toMatchObject({
      verdict: 'false',
      reason: 'order was answered with 1 2 times',
    });
    expect(answers.check([numbered('ok', 1), numbered('info', 1)], evidence()).verdict).toBe('true');
    expect(answers.check([], evidence()).verdict).toBe('unknown');
  });

  it('finds documents that share what names them', () => {
    const judged = (...seats: readonly Record<string, unknown>[]) =>
      unique({ documents: { seats: ['row', 'seat'] } }).check(
        [],
        evidence({ database: { seats: [...seats] } }),
      ).verdict;
    expect(judged({ _id: 'a', row: 1, seat: 1 }, { _id: 'b', row: 1, seat: 2 })).toBe('true');
    expect(judged({ _id: 'a', row: 1, seat: 1 }, { _id: 'b', row: 1, seat: 1 })).toBe('false');
    expect(judged({ _id: 'a' }, { _id: 'b' })).toBe('true');
    expect(judged()).toBe('unknown');
    expect(() => unique({})).toThrow('give it operations or documents');
  });
});

describe('mutual exclusion', () => {
  const act = (f: string, holder: string, times: Times, type: 'fail' | 'info' | 'ok' = 'ok') =>
    operation(1, f, type, { lock: 'a', holder }, times);
  const clients = { acquire: { f: 'take' }, release: { f: 'give' }, key: 'lock', holder: 'holder' };
  const judged = (history: Parameters<ReturnType<typeof mutualExclusion>['check']>[0], leaseMs?: number) =>
    mutualExclusion({ clients: leaseMs === undefined ? clients : { ...clients, leaseMs } }).check(
      history,
      evidence(),
    ).verdict;

  it('finds two that held a lock at one moment for certain', () => {
    const first = [act('take', 'x', [0, 10]), act('give', 'x', [50, 60])];
    expect(judged([...first, act('take', 'y', [20, 49])])).toBe('false');
    expect(judged([...first, act('take', 'y', [20, 50])])).toBe('true');
    expect(judged([...first, act('take', 'y', [20, 30], 'info')])).toBe('true');
    expect(judged([...first, act('take', 'x', [20, 30])])).toBe('true');
    expect(judged([])).toBe('unknown');
  });

  it('lets a lease end, and a release that may have taken effect', () => {
    const history = [act('take', 'x', [0, 10]), act('take', 'y', [90, 100])];
    expect(judged(history)).toBe('false');
    expect(judged(history, 101)).toBe('false');
    expect(judged(history, 100)).toBe('true');
    expect(judged([...history, act('give', 'x', [20, 30], 'info')])).toBe('true');
  });

  it('compares the tokens of writes under a lock', () => {
    const fenced = (...tokens: readonly number[]) => {
      const writes = tokens.map((token, atMs) => ({ atMs, lock: 'a', token, document: `d${token}` }));
      return mutualExclusion({ fenced: true }).check([], evidence({ fencedWrites: { writes, gaps: 0 } }))
        .verdict;
    };
    expect([fenced(1, 2, 2), fenced(1, 2, 1), fenced()]).toEqual(['true', 'false', 'unknown']);
    expect(() => mutualExclusion({})).toThrow('give it clients or fenced');
  });
});

describe('lock released', () => {
  const held = (firstSeenMs: number, lastSeenMs: number) => ({
    key: 'lock:a',
    token: 't',
    ttlMs: 30_000,
    firstSeenMs,
    lastSeenMs,
  });
  const faults = [fault('api-killed', [1_000, 3_000]), fault('redis-down', [2_000, 4_000])];
  const judged = (lastSeenMs: number, options: { disturbed?: boolean; keys?: RegExp } = {}) =>
    lockReleased({ heldAtMostMs: 500, ...(options.keys === undefined ? {} : { keys: options.keys }) }).check(
      [],
      evidence({ locks: [held(500, lastSeenMs)], faults: options.disturbed === true ? faults : [] }),
    ).verdict;

  it('finds a lock that was left behind, long before it would have expired', () => {
    expect([judged(1_500), judged(1_501)]).toEqual(['true', 'false']);
  });

  it('does not count the time in which something was broken', () => {
    expect(judged(4_500, { disturbed: true })).toBe('true');
    expect(judged(4_501, { disturbed: true })).toBe('false');
    expect(judged(2_500, { disturbed: true })).toBe('true');
  });

  it('says nothing of locks that were not watched or not seen', () => {
    expect(judged(9_000, { keys: /^other/ })).toBe('unknown');
    expect(lockReleased({ heldAtMostMs: 1 }).check([], evidence()).reason).toContain(
      'name their keys in locks',
    );
  });
});

describe('reads of one client', () => {
  const show = (
    process: number,
    f: string,
    version: number | null,
    times: Times,
    type: 'info' | 'ok' = 'ok',
  ) => operation(process, f, type, { id: 'a', version }, times);
  const mapping = { reads: { f: 'read' }, key: 'id', version: 'version' };
  const monotonic = monotonicReads(mapping);
  const own = readYourWrites({ ...mapping, writes: { f: 'write' } });

  it('never go back', () => {
    const first = show(1, 'read', 5, [0, 10]);
    expect(monotonic.check([first, show(1, 'read', 5, [20, 30])], evidence()).verdict).toBe('true');
    expect(monotonic.check([first, show(1, 'read', 4, [20, 30])], evidence()).verdict).toBe('false');
    expect(monotonic.check([first, show(1, 'read', 4, [10, 30])], evidence()).verdict).toBe('unknown');
    expect(monotonic.check([first, show(2, 'read', 4, [20, 30])], evidence()).verdict).toBe('unknown');
  });

  it('show what the client wrote', () => {
    const write = show(1, 'write', 5, [0, 10]);
    const judged = (...history: Parameters<typeof own.check>[0]) => own.check(history, evidence()).verdict;
    expect(judged(write, show(1, 'read', 6, [20, 30]))).toBe('true');
    expect(judged(write, show(1, 'read', 4, [20, 30]))).toBe('false');
    expect(judged(show(1, 'write', 5, [0, 10], 'info'), show(1, 'read', 4, [20, 30]))).toBe('unknown');
    expect(judged(show(1, 'write', null, [0, 10]), show(1, 'read', 4, [20, 30]))).toBe('unknown');
  });

  it('may be told apart by a session of their own', () => {
    const of = (process: number, version: number, times: Times) => ({
      ...show(process, 'read', version, times),
      value: { id: 'a', version, user: 'u' },
    });
    const bySession = monotonicReads({ ...mapping, session: 'user' });
    expect(bySession.check([of(1, 5, [0, 10]), of(2, 4, [20, 30])], evidence()).verdict).toBe('false');
  });
});

describe('exactly once', () => {
  const job = (type: 'fail' | 'info' | 'ok', id = 'a') => operation(1, 'submit', type, { id }, [0, 1]);
  const judged = (type: 'fail' | 'info' | 'ok', effects: readonly string[], atLeast = false) =>
    exactlyOnce({ operations: { f: 'submit' }, key: 'id', effects: () => effects, atLeast }).check(
      [job('ok', 'z'), job(type)],
      evidence(),
    ).verdict;

  it('compares what was answered with what was done', () => {
    expect(judged('ok', ['z', 'a'])).toBe('true');
    expect(judged('ok', ['z'])).toBe('false');
    expect(judged('ok', ['z', 'a', 'a'])).toBe('false');
    expect(judged('fail', ['z', 'a'])).toBe('false');
    expect([judged('info', ['z']), judged('info', ['z', 'a']), judged('info', ['z', 'a', 'a'])]).toEqual([
      'true',
      'true',
      'false',
    ]);
  });

  it('lets work be done again where that is right', () => {
    expect([judged('ok', ['z', 'a', 'a'], true), judged('ok', ['z'], true)]).toEqual(['true', 'false']);
  });

  it('says nothing when nothing was acknowledged, or work is left', () => {
    const rule = exactlyOnce({ operations: { f: 'submit' }, key: 'id', effects: () => [] });
    expect(rule.check([job('info')], evidence()).verdict).toBe('unknown');
    expect(rule.check([job('ok')], evidence({ quiescedMs: null })).verdict).toBe('unknown');
  });
});

describe('conserved', () => {
  const deposit = (type: 'fail' | 'info' | 'ok', amount: number) =>
    operation(1, 'deposit', type, { amount }, [0, 1]);
  const judged = (
    found: Record<string, number>,
    history: Parameters<ReturnType<typeof conserved>['check']>[0] = [],
  ) =>
    conserved({
      parts: () => new Map(Object.entries(found)),
      total: 100,
      changes: { f: 'deposit', amount: 'amount' },
      least: 0,
    }).check(history, evidence()).verdict;

  it('adds up the parts', () => {
    expect([judged({ a: 40, b: 60 }), judged({ a: 40, b: 59 }), judged({})]).toEqual([
      'true',
      'false',
      'false',
    ]);
    expect(judged({ a: -1, b: 101 })).toBe('false');
  });

  it('shows the moves whose end is not known', () => {
    const moves = ['ok', 'info'].map((type, at) =>
      operation(at, 'move', type === 'ok' ? 'ok' : 'info', {}, [at, at]),
    );
    const rule = conserved({ parts: () => new Map([['a', 99]]), total: 100, moves: { f: 'move' } });
    const { reason, witnesses } = rule.check(moves, evidence());
    expect(reason).toContain('it is moved by move, of which 1 of 2 ended unknown');
    expect(witnesses[0]?.operations).toEqual(moves.slice(1));
  });

  it('adds what was brought in, and any of what ended unknown', () => {
    const history = [deposit('ok', 10), deposit('info', 5), deposit('fail', 1)];
    expect([109, 110, 115, 116].map((found) => judged({ a: found }, history))).toEqual([
      'false',
      'true',
      'true',
      'false',
    ]);
  });
});
