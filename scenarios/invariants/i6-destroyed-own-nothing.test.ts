import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { destroyedOwnNothing } from './i6-destroyed-own-nothing.ts';
import { evidence, general, operation } from './testing/literal.ts';

type Fields = Record<string, unknown>;

const nation = (number: number, fields: Fields = {}): Fields => ({
  _id: `s1:n${number}`,
  session_id: 's1',
  nation: number,
  status: 'active',
  destroyed_at: null,
  city_count: 1,
  allies: [],
  ...fields,
});
const fallen = nation(2, { status: 'destroyed', destroyed_at: '2026-01-01T00:00:00.000Z', city_count: 0 });
const destroy = (type: Operation['type'] = 'ok', number = 2): Operation =>
  operation(1, 'destroy', type, { nation: number, outcome: 'applied' }, [0, 10]);

function judged(
  database: Record<string, Fields[]>,
  history: readonly Operation[] = [destroy()],
  overrides: Fields = {},
) {
  return destroyedOwnNothing.check(
    history,
    evidence({ ...overrides, database: { nations: [nation(1), fallen], ...database } }),
  );
}

describe('I6', () => {
  it('holds when nothing is left of a destroyed nation, whatever others own', () => {
    const city = { _id: 's1:c1', session_id: 's1', city: 1, nation: 1 };
    const elsewhere = { _id: 's2:c1', session_id: 's2', city: 1, nation: 2 };
    const verdict = judged({ cities: [city, elsewhere], generals: [general(1, { nation: 1 })] });
    expect(verdict).toMatchObject({ verdict: 'true' });
  });

  it.each<[string, Record<string, Fields[]>]>([
    ['city s1:c1', { cities: [{ _id: 's1:c1', session_id: 's1', city: 1, nation: 2 }] }],
    ['general s1:g1', { generals: [general(1, { nation: 2 })] }],
    ['relation s1:d1-2', { diplomacy: [{ _id: 's1:d1-2', session_id: 's1', from: 1, to: 2, state: 'war' }] }],
    ['relation s1:d2-1', { diplomacy: [{ _id: 's1:d2-1', session_id: 's1', from: 2, to: 1, state: 'war' }] }],
    ['a place among the allies of s1:n1', { nations: [nation(1, { allies: [2] }), fallen] }],
    ['allies', { nations: [{ ...fallen, allies: [1] }] }],
    ['a city_count of 1', { nations: [{ ...fallen, city_count: 1 }] }],
    ['no time of its end', { nations: [{ ...fallen, destroyed_at: null }] }],
  ])('sees that it still has %s', (what, database) => {
    const verdict = judged(database, [destroy()]);
    expect(judged(database, [destroy()], { quiescedMs: null }).verdict).toBe('unknown');
    expect(verdict.reason).toBe(`destroyed nation s1:n2 still has ${what}`);
    expect(verdict.witnesses[0]?.operations).toEqual([destroy()]);
  });

  it('sees a nation whose end was acknowledged, by decree or in battle, and that lives', () => {
    expect(judged({}, [destroy('ok', 1)]).reason).toBe(
      'the end of nation s1:n1 was acknowledged, and it is active',
    );
    const battle = (destroyed: number | null) =>
      operation(1, 'finish-battle', 'ok', { battle: '1', destroyedNation: destroyed }, [0, 10]);
    expect(judged({}, [battle(1)]).verdict).toBe('false');
    expect(judged({}, [battle(null), battle(2)]).verdict).toBe('true');
    expect(judged({}, [destroy('info', 1), destroy('fail', 1)]).verdict).toBe('true');
  });

  it('knows nothing when no nation was destroyed', () => {
    expect(judged({ nations: [nation(1)] }, [destroy('info')])).toMatchObject({
      verdict: 'unknown',
      reason: 'no nation was destroyed',
    });
  });
});
