import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { hiresPaidOnce } from './i8-hires-paid-once.ts';
import { evidence, general, operation } from './testing/literal.ts';

type Fields = Record<string, unknown>;

const nation = (gold: number, population: number): Fields => ({
  _id: 's1:n1',
  session_id: 's1',
  nation: 1,
  gold,
  population,
});
const initial = { generals: [general(1, { gold: 10 })], nations: [nation(100, 1000)] };
const hire = (type: Operation['type'] = 'ok', more: Fields = {}): Operation =>
  operation(
    1,
    'hire',
    type,
    {
      nation: 1,
      name: '1-1',
      gold: 40,
      population: 5,
      ...(type === 'ok' ? { no: 2, outcome: 'applied' } : {}),
      ...more,
    },
    [10, 20],
  );
const seeded = general(1, { gold: 10, name: 'Sun Ce' });
const hired = general(2, { gold: 40, name: '1-1' });

function judged(
  history: readonly Operation[],
  generals: Fields[],
  nations: Fields[],
  overrides: Fields = {},
) {
  return hiresPaidOnce.check(history, evidence({ initial, ...overrides, database: { generals, nations } }));
}
const paidFor = [nation(60, 995)];
const other = hire('ok', { name: '1-2', no: 3 });
const both = [seeded, hired, general(3, { gold: 40, name: '1-2' })];

describe('I8', () => {
  it('holds when each hire created one general and was paid once', () => {
    const verdict = judged([hire()], [seeded, hired], paidFor);
    expect(verdict).toMatchObject({ verdict: 'true' });
    expect(verdict.reason).toContain('1 acknowledged hires');
  });

  it('lets a hire of unknown end have happened or not, paid accordingly', () => {
    for (const unclear of [hire('info'), hire('fail', { attempts: 2 })]) {
      expect(judged([unclear, other], both, [nation(20, 990)]).verdict).toBe('true');
      expect(judged([unclear, other], [seeded, both[2] ?? {}], paidFor).verdict).toBe('true');
      expect(judged([unclear, other], both, paidFor).verdict).toBe('false');
    }
  });

  it('sees a hire that created nobody, or two', () => {
    expect(judged([hire()], [seeded], [nation(100, 1000)]).reason).toBe(
      'the hire of "1-1" ended ok and there are 0 generals of that name',
    );
    const twice = [seeded, hired, general(3, { gold: 40, name: '1-1' })];
    expect(judged([hire()], twice, [nation(20, 990)]).reason).toContain('there are 2 generals');
    expect(
      judged([hire('info'), other], [...both, general(4, { gold: 40, name: '1-1' })], paidFor).verdict,
    ).toBe('false');
  });

  it('sees a general whose hire was answered as failed, and one with another number than was acknowledged', () => {
    expect(judged([hire('fail'), other], both, [nation(20, 990)]).reason).toContain(
      'ended fail and there are 1',
    );
    expect(judged([hire('ok', { no: 7 })], [seeded, hired], paidFor).reason).toContain(
      'acknowledged as general 7',
    );
  });

  it('sees a nation that paid twice or not at all, in gold or in people', () => {
    expect(judged([hire()], [seeded, hired], [nation(20, 995)]).reason).toContain(
      's1:n1 has 20 gold and should have 60',
    );
    expect(judged([hire()], [seeded, hired], [nation(60, 1000)]).reason).toContain(
      '1000 people and should have 995',
    );
    expect(judged([hire()], [seeded, hired], [nation(60, 990)]).verdict).toBe('false');
  });

  it('sees a general who did not get what his nation paid', () => {
    expect(judged([hire()], [seeded, { ...hired, gold: 0 }], paidFor).reason).toContain('s1:g2 has 0 gold');
  });

  it('does not take payments for hires while the system is not at rest', () => {
    expect(judged([hire()], [seeded, hired], [nation(100, 995)], { quiescedMs: null }).verdict).toBe(
      'unknown',
    );
    expect(judged([hire()], [seeded], [nation(100, 1000)], { quiescedMs: null }).verdict).toBe('false');
  });

  it('knows nothing without an acknowledged hire, without the beginning, or when the history is not complete', () => {
    expect(judged([hire('info')], [seeded, hired], paidFor).reason).toBe('no hire was acknowledged');
    expect(judged([hire()], [seeded, hired], paidFor, { initial: undefined }).verdict).toBe('unknown');
    const stranger = general(4, { gold: 40, name: '9-9' });
    expect(judged([hire()], [seeded, hired, stranger], [nation(20, 990)])).toMatchObject({
      verdict: 'unknown',
      reason: 'no line of the history tells who hired s1:g4: the history is not complete',
    });
  });
});
