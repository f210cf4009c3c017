import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { readStaleness } from './i15-read-staleness.ts';
import { evidence, operation } from './testing/literal.ts';

const write = (version: number, endedMs: number, no = 1): Operation =>
  operation(1, 'train', 'ok', { no, amount: 1, version, actionCount: 1 }, [endedMs - 10, endedMs]);
const read = (version: number, startedMs: number, lastTurn = 0): Operation =>
  operation(2, 'read-general', 'ok', { no: 1, version, lastTurn, turnsLived: lastTurn }, [
    startedMs,
    startedMs + 5,
  ]);
const turn = (number: number, endedMs: number, outcome = 'applied'): Operation =>
  operation(3, 'turn', 'ok', { turn: number, outcome, currentTurn: number }, [endedMs - 10, endedMs]);
const judged = (...operations: Operation[]) => readStaleness.check(operations, evidence());

describe('I15', () => {
  it('holds and tells the greatest staleness', () => {
    const verdict = judged(write(2, 1000), write(3, 2000), read(3, 2500), read(2, 4500));
    expect(verdict).toMatchObject({ verdict: 'true' });
    expect(verdict.reason).toContain('1 were stale, at most 2500 ms (4000 ms are allowed)');
  });

  it('allows exactly the bound and nothing beyond it', () => {
    expect(judged(write(2, 1000), read(1, 5000)).verdict).toBe('true');
    const writeTwo = write(2, 1000);
    const staleRead = read(1, 5001);
    const verdict = judged(writeTwo, staleRead);
    expect(verdict.verdict).toBe('false');
    expect(verdict.witnesses[0]?.operations).toEqual([writeTwo, staleRead]);
    expect(verdict.witnesses[0]?.facts).toMatchObject({ version: 1, staleMs: 4001 });
  });

  it('measures from the first write not shown, not from the last', () => {
    expect(judged(write(2, 1000), write(3, 5500), read(1, 6000)).verdict).toBe('false');
  });

  it('does not count a read as stale that began when the write ended', () => {
    expect(judged(write(2, 1000), read(1, 1000)).reason).toContain('0 were stale, at most 0 ms');
  });

  it('accuses also when the system did not reach rest', () => {
    const unrest = evidence({ quiescedMs: null });
    expect(readStaleness.check([write(2, 1000), read(1, 9000)], unrest).verdict).toBe('false');
    expect(readStaleness.check([write(2, 1000), read(2, 9000)], unrest).verdict).toBe('true');
  });

  it('does not mind a write that was acknowledged after the read began, or that another general got', () => {
    expect(judged(write(2, 1000), write(3, 9000), read(2, 8995)).verdict).toBe('true');
    expect(judged(write(1, 1000), write(9, 1000, 2), read(1, 9000)).verdict).toBe('true');
  });

  it('does not demand to see a write of unknown end', () => {
    const unclear: Operation = { ...write(3, 1000), type: 'info' };
    expect(judged(write(2, 500), unclear, read(2, 9000)).verdict).toBe('true');
  });

  const list = (version: number, startedMs: number): Operation =>
    operation(4, 'list-generals', 'ok', { count: 1, versions: { 's1:g1': version } }, [
      startedMs,
      startedMs + 5,
    ]);

  it('holds a list to what was acknowledged', () => {
    expect(judged(write(2, 1000), list(2, 9000)).verdict).toBe('true');
    expect(judged(write(2, 1000), list(1, 9000)).verdict).toBe('false');
  });

  it('does not hold reads of a general to a list, which may show a save whose outcome is not known yet', () => {
    expect(judged(write(3, 500), list(4, 1000), read(3, 9000)).verdict).toBe('true');
    expect(judged(write(3, 500), read(4, 1000), read(3, 9000)).verdict).toBe('false');
  });

  it('demands that an acknowledged turn shows in the session and in its generals', () => {
    const session = operation(2, 'read-session', 'ok', { turn: 1, version: 1 }, [9000, 9005]);
    expect(judged(turn(1, 1000), session).verdict).toBe('true');
    expect(judged(turn(2, 1000, 'already'), session).verdict).toBe('false');
    expect(judged(turn(2, 1000), read(1, 9000, 1)).verdict).toBe('false');
    expect(judged(turn(2, 1000, 'skipped'), turn(1, 900), session).verdict).toBe('true');
  });

  it('knows nothing when no entity that was read had been written', () => {
    expect(judged(write(2, 1000, 5), read(1, 9000)).verdict).toBe('unknown');
    expect(judged(write(2, 1000)).verdict).toBe('unknown');
  });

  it('judges cities by what other readers saw, and by a change that was acknowledged after a version was seen', () => {
    const readCity = (process: number, version: number, at: number) =>
      operation(process, 'read-city', 'ok', { city: 1, version }, [at, at + 10]);
    const occupation = { city: 1, no: 1, nation: 2, from: 0, outcome: 'applied' };
    const occupied = operation(3, 'occupy', 'ok', occupation, [100, 110]);
    const cities = (version: number) =>
      evidence({ database: { cities: [{ _id: 's1:c1', session_id: 's1', city: 1, version }] } });
    const verdictOf = (history: Operation[], version = 9) =>
      readStaleness.check(history, cities(version)).verdict;
    expect(verdictOf([readCity(1, 5, 0), readCity(2, 4, 4010)])).toBe('true');
    expect(verdictOf([readCity(1, 5, 0), readCity(2, 4, 4011)])).toBe('false');
    expect(verdictOf([readCity(1, 4, 0), occupied, readCity(2, 4, 4111)])).toBe('false');
    expect(verdictOf([readCity(1, 4, 0), occupied, readCity(2, 5, 4111)])).toBe('true');
    // Began before the version was seen: it may have made that very version.
    expect(verdictOf([readCity(1, 4, 95), occupied, readCity(2, 4, 4111)])).toBe('unknown');
    // The occupation itself is lost: no fault of the read.
    expect(verdictOf([readCity(1, 4, 0), occupied, readCity(2, 4, 4111)], 4)).toBe('unknown');
  });

  it('judges lists by their length', () => {
    const list = (process: number, count: number, at: number) =>
      operation(process, 'list-generals', 'ok', { count }, [at, at + 10]);
    expect(readStaleness.check([list(1, 3, 0), list(2, 2, 4011)], evidence()).verdict).toBe('false');
  });
});
