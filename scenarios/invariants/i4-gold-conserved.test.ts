import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { goldConserved } from './i4-gold-conserved.ts';
import { evidence, general, operation } from './testing/literal.ts';

type Fields = Record<string, unknown>;

const nation = (gold: number): Fields => ({ _id: 's1:n1', session_id: 's1', nation: 1, gold });
const initial = { generals: [general(1, { gold: 100 }), general(2, { gold: 50 })], nations: [nation(200)] };
const hire = (type: Operation['type'] = 'ok'): Operation =>
  operation(1, 'hire', type, { nation: 1, name: '1-1', gold: 40, population: 5, no: 3 }, [10, 20]);
const hired = general(3, { gold: 40, name: '1-1' });

function judged(
  database: Record<string, Fields[]>,
  history: readonly Operation[] = [hire()],
  overrides: Fields = {},
) {
  return goldConserved.check(history, evidence({ initial, ...overrides, database }));
}
const people = (...golds: number[]): Fields[] => golds.map((gold, index) => general(index + 1, { gold }));

describe('I4', () => {
  it('holds when gold only went from one purse to another', () => {
    const verdict = judged({ generals: [...people(100, 50), hired], nations: [nation(160)] });
    expect(verdict).toMatchObject({ verdict: 'true' });
    expect(verdict.reason).toContain('350 gold of 1 sessions');
  });

  it('counts what auctions and tournaments keep', () => {
    const auctions = [
      {
        _id: 's1:ax',
        session_id: 's1',
        escrow: 30,
        seller: 1,
        highest_bid: { bidder: 2, amount: 30 },
        settlement: null,
      },
    ];
    const tournaments = [{ _id: 's1:t1', session_id: 's1', round: 1, pool: 60, rewards: [] }];
    const withPool = { ...initial, tournaments: [{ _id: 's1:t1', session_id: 's1', pool: 60 }] };
    const database = { generals: people(100, 20), nations: [nation(200)], auctions, tournaments };
    expect(judged(database, [], { initial: withPool }).verdict).toBe('true');
    expect(judged(database, [operation(1, 'bid', 'ok', {}, [0, 1])]).reason).toContain('60 too much');
  });

  it('sees gold that came from nowhere or is gone, and whose it is', () => {
    const more = judged({ generals: [...people(101, 50), hired], nations: [nation(160)] });
    expect(more.verdict).toBe('false');
    expect(more.reason).toBe(
      'session s1 has 351 gold and had 350, 1 too much; s1:g1 has 101 and should have 100',
    );
    const unpaid = judged({ generals: [...people(100, 50), hired], nations: [nation(200)] });
    expect(unpaid.reason).toContain('s1:n1 has 200 and should have 160');
    expect(unpaid.witnesses[0]?.operations).toEqual([hire()]);
    const less = judged({ generals: people(100, 50), nations: [nation(160)] });
    expect(less.reason).toContain('40 too little');
  });

  it('does not ask how a hire of unknown end went, as long as the sum is right', () => {
    expect(
      judged({ generals: [...people(100, 50), hired], nations: [nation(160)] }, [hire('info'), hire()])
        .verdict,
    ).toBe('true');
    const bid = operation(2, 'bid', 'ok', {}, [0, 1]);
    expect(judged({ generals: people(100, 50), nations: [nation(200)] }, [hire('info'), bid]).verdict).toBe(
      'true',
    );
  });

  it('tells sessions apart', () => {
    const other = { ...general(1, { gold: 10 }), _id: 's2:g1', session_id: 's2' };
    const two = { ...initial, generals: [...initial.generals, other] };
    const database = { generals: [...people(110, 50), hired, { ...other, gold: 0 }], nations: [nation(160)] };
    const verdict = judged(database, [hire()], { initial: two });
    expect(verdict.witnesses).toHaveLength(2);
  });

  it('sees a negative amount at any moment', () => {
    const database = { generals: [...people(100, -5), hired], nations: [nation(215)] };
    expect(judged(database, [hire()], { quiescedMs: null })).toMatchObject({
      verdict: 'false',
      reason: 's1:g2 has -5 gold',
    });
    const hungry = { generals: people(100, 50), nations: [{ ...nation(200), rice: -1 }] };
    expect(judged(hungry).reason).toBe('s1:n1 has -1 rice');
  });

  it('judges the sum only at rest', () => {
    expect(
      judged({ generals: people(0, 0), nations: [nation(0)] }, [hire()], { queueLength: 2 }).verdict,
    ).toBe('unknown');
  });

  it('knows nothing when the beginning was not read, or nothing moved', () => {
    const database = { generals: people(100, 50), nations: [nation(200)] };
    expect(judged(database, [hire('fail')])).toMatchObject({
      verdict: 'unknown',
      reason: 'no gold changed hands',
    });
    expect(judged(database, [hire()], { initial: undefined }).verdict).toBe('unknown');
  });
});
