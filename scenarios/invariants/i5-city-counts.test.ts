import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { cityCounts } from './i5-city-counts.ts';
import { evidence, fault, operation } from './testing/literal.ts';

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
    { city: number, no: 1, ...(type === 'ok' ? { nation: to, from: 9, outcome: 'applied' } : {}) },
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
    expect(verdict.reason).toBe("city s1:c1 was acknowledged as nation 2's last, and belongs to nation 1");
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
    expect(
      judged([wanted], { ...fitting, battles: [battle({ city: 2, destroyed_nation: 2 })] }).verdict,
    ).toBe('true');
    const early = battle({ updated_at: new Date(50).toISOString() });
    expect(judged([wanted], { ...fitting, battles: [early] }).verdict).toBe('false');
    const skewed = { faults: [fault('clock-jump', [0, 1])] };
    expect(judged([wanted], { ...fitting, battles: [early] }, skewed).verdict).toBe('true');
    const end = operation(2, 'destroy', 'ok', { nation: 2, outcome: 'applied' }, [300, 400]);
    expect(judged([wanted, end], fitting).verdict).toBe('true');
  });

  it('knows nothing when no city changed hands', () => {
    expect(judged([occupy(1, 1, [0, 1], 'info')], fitting)).toMatchObject({
      verdict: 'unknown',
      reason: 'no city changed hands',
    });
    expect(judged([], { ...fitting, battles: [battle()] }).verdict).toBe('true');
  });
});
