import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { cityCounts } from './i5-city-counts.ts';
import { evidence, operation } from './testing/literal.ts';

type Fields = Record<string, unknown>;

const city = (number: number, nation: number): Fields => ({
  _id: `s1:c${number}`,
  session_id: 's1',
  city: number,
  nation,
});
const nation = (number: number, cities: number): Fields => ({
  _id: `s1:n${number}`,
  session_id: 's1',
  nation: number,
  status: 'active',
  city_count: cities,
});
const battle = (fields: Fields = {}): Fields => ({
  _id: 's1:b1',
  session_id: 's1',
  city: 1,
  status: 'finalised',
  winner: 'attacker',
  destroyed_nation: null,
  updated_at: new Date(500).toISOString(),
  ...fields,
});
const occupy = (
  number: number,
  to: number,
  times: [number, number],
  type: Operation['type'] = 'ok',
): Operation =>
  operation(
    1,
    'occupy',
    type,
    { city: number, no: 1, ...(type === 'ok' ? { nation: to, from: null, outcome: 'applied' } : {}) },
    times,
  );

function judged(history: readonly Operation[], database: Record<string, Fields[]>, overrides: Fields = {}) {
  return cityCounts.check(history, evidence({ ...overrides, database }));
}
const fitting = { cities: [city(1, 1), city(2, 2), city(3, 0)], nations: [nation(1, 1), nation(2, 1)] };
const taken = occupy(1, 1, [100, 200]);

describe('I5', () => {
  it('holds when every nation counts what it owns, neutral cities nobody’s', () => {
    const verdict = judged([taken], fitting);
    expect(verdict).toMatchObject({ verdict: 'true' });
    expect(verdict.reason).toContain('1 cities changed hands');
  });

  it('sees a nation that counts too many or too few, with the conquests that concern it', () => {
    const verdict = judged([taken], { ...fitting, nations: [nation(1, 2), nation(2, 1)] });
    expect(verdict.reason).toBe('nation s1:n1 counts 2 cities and owns 1');
    expect(verdict.witnesses[0]?.operations).toEqual([taken]);
    expect(judged([taken], { ...fitting, nations: [nation(1, 1), nation(2, 0)] }).verdict).toBe('false');
    const unrest = { quiescedMs: null };
    expect(judged([taken], { ...fitting, nations: [nation(1, 2), nation(2, 1)] }, unrest).verdict).toBe(
      'unknown',
    );
  });

  it('sees a city that is not of the nation it was acknowledged to last', () => {
    const verdict = judged([occupy(1, 2, [100, 200])], fitting);
    expect(verdict.reason).toBe('s1:c1: the final state is 1, and should be 2');
  });

  it('accepts that somebody else took it at the same time, later, or perhaps', () => {
    const wanted = occupy(1, 2, [100, 200]);
    expect(judged([wanted, occupy(1, 1, [50, 100])], fitting).verdict).toBe('true');
    expect(judged([wanted, occupy(1, 1, [50, 99])], fitting).verdict).toBe('false');
    expect(judged([wanted, occupy(1, 1, [0, 50], 'info')], fitting).verdict).toBe('true');
    expect(judged([wanted, occupy(1, 1, [300, 400], 'fail')], fitting).verdict).toBe('false');
    expect(judged([wanted, occupy(2, 1, [300, 400], 'info')], fitting).verdict).toBe('false');
  });

  it('accepts that a battle, or the end of a nation, took it', () => {
    const wanted = occupy(1, 2, [100, 200]);
    expect(judged([wanted], { ...fitting, battles: [battle()] }).verdict).toBe('true');
    expect(judged([wanted], { ...fitting, battles: [battle({ winner: 'defender' })] }).verdict).toBe('false');
    expect(judged([wanted], { ...fitting, battles: [battle({ city: 2 })] }).verdict).toBe('false');
    // Whatever a process's clock says: only that the end was known before the occupation began orders both.
    const early = battle({ updated_at: new Date(50).toISOString() });
    expect(judged([wanted], { ...fitting, battles: [early] }).verdict).toBe('true');
    const known = operation(3, 'finish-battle', 'ok', { battle: '1', city: 1, outcome: 'already' }, [60, 70]);
    expect(judged([wanted, known], { ...fitting, battles: [early] }).verdict).toBe('false');
    const left = {
      cities: [city(1, 0), city(2, 0)],
      nations: [nation(1, 0), { ...nation(2, 0), status: 'destroyed' }],
    };
    const end = operation(2, 'destroy', 'ok', { nation: 2, outcome: 'applied' }, [300, 400]);
    expect(judged([wanted, end], left).verdict).toBe('true');
    expect(judged([wanted, { ...end, startedMs: 0, endedMs: 50 }], left).verdict).toBe('false');
    const last = battle({ city: 2, destroyed_nation: 2 });
    expect(judged([wanted], { ...left, battles: [last] }).verdict).toBe('true');
  });

  it('knows nothing when no city changed hands', () => {
    expect(judged([occupy(1, 1, [0, 1], 'info')], fitting)).toMatchObject({
      verdict: 'unknown',
      reason: 'no city changed hands',
    });
    expect(judged([], { ...fitting, battles: [battle()] }).verdict).toBe('true');
  });

  it('sees an occupation that took a city from somebody who did not have it', () => {
    const taking = (from: number, to: number, at: number) =>
      operation(1, 'occupy', 'ok', { city: 1, no: 1, nation: to, from, outcome: 'applied' }, [at, at + 9]);
    const initial = { cities: [city(1, 0)] };
    const verdictOf = (...history: Operation[]) => judged(history, fitting, { initial }).verdict;
    expect(verdictOf(taking(0, 2, 0), taking(2, 1, 20))).toBe('true');
    expect(verdictOf(taking(0, 2, 0), taking(0, 1, 20))).toBe('false');
    expect(verdictOf(taking(2, 1, 20))).toBe('false');
  });

  it('sees an end of a battle that is not in its record, and a nation or a battle that is gone', () => {
    const end = { battle: '1', city: 1, winner: 'attacker', destroyedNation: null, outcome: 'applied' };
    const ended = operation(1, 'finish-battle', 'ok', end, [0, 9]);
    const verdictOf = (battles: Fields[], overrides: Fields = {}) =>
      judged([ended, { ...taken, process: 2 }], { ...fitting, battles }, overrides).verdict;
    expect(verdictOf([battle()])).toBe('true');
    expect(verdictOf([battle({ status: 'running', winner: null })])).toBe('false');
    expect(verdictOf([battle({ winner: 'defender' })])).toBe('false');
    expect(verdictOf([])).toBe('false');
    expect(verdictOf([battle()], { initial: { nations: [nation(3, 0)] } })).toBe('false');
  });

  it('sees a city of a nation that is not there', () => {
    expect(judged([taken], { ...fitting, nations: [nation(1, 1)] }).reason).toBe(
      'city s1:c2 belongs to nation s1:n2, which is not in the database',
    );
  });
});
