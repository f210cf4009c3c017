import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { misfitFindings } from './gold-ledger.ts';
import { evidence, general, operation } from './testing/literal.ts';

type Fields = Record<string, unknown>;

const nation = (gold: number): Fields => ({ _id: 's1:n1', session_id: 's1', nation: 1, gold });
const initial = { generals: [general(1, { gold: 100 }), general(2, { gold: 50 })], nations: [nation(200)] };
const hire = (): Operation =>
  operation(1, 'hire', 'ok', { nation: 1, name: '1-1', gold: 40, population: 5, no: 3 }, [10, 20]);
const hired = general(3, { gold: 40, name: '1-1' });

describe('an account', () => {
  const auction = (settlement: Fields | null, highest: Fields | null) => ({
    _id: 's1:a1',
    session_id: 's1',
    seller: 1,
    escrow: settlement === null && highest !== null ? highest['amount'] : 0,
    highest_bid: highest,
    settlement,
  });
  const bid = (bidder: number, amount: number): Operation =>
    operation(bidder, 'bid', 'ok', { auction: '1', bidder, amount }, [amount, amount + 1]);
  const sold = auction({ winner: 2, price: 30 }, { bidder: 2, amount: 30 });
  const tournament = {
    _id: 's1:t1',
    session_id: 's1',
    round: 1,
    pool: 40,
    rewards: [{ key: 't1/1', no: 2, gold: 20, paid: true }],
  };
  const began = { ...initial, tournaments: [{ _id: 's1:t1', session_id: 's1', pool: 60 }] };
  /** General 1 sold an item to general 2 for 30, who won 20, and general 3 was hired for 40. */
  const world = (golds: readonly [number, number, number], treasury = 160) => ({
    generals: [
      general(1, { gold: golds[0], rewards: [] }),
      general(2, { gold: golds[1], rewards: ['t1/1'] }),
      { ...hired, gold: golds[2] },
    ],
    nations: [nation(treasury)],
    auctions: [sold],
    tournaments: [tournament],
  });
  const history = [hire(), bid(2, 30)];
  const judge = (database: Record<string, Fields[]>, operations = history) =>
    misfitFindings(operations, evidence({ initial: began, database }));

  it('holds when each account has what all kinds of work moved', () => {
    expect(judge(world([130, 40, 40]))).toEqual([]);
  });

  it.each([
    [
      'a price paid to another than the seller',
      world([100, 70, 40]),
      's1:g1 has 100 gold and should have 130',
    ],
    ['a refund to one who was hired', world([130, 30, 50]), 's1:g2 has 30 gold and should have 40'],
    ['a hire paid by a general', world([90, 40, 40], 200), 's1:g1 has 90 gold and should have 130'],
    ['a reward that went to the treasury', world([130, 20, 40], 180), 's1:g2 has 20 gold and should have 40'],
  ])('sees %s', (_, database, reason) => {
    const [first] = judge(database);
    expect(first?.witness().summary).toContain(reason);
    expect(first?.witness().operations.length).toBeGreaterThan(0);
  });

  it('says which kinds of work moved it', () => {
    expect(judge(world([130, 30, 40]))[0]?.witness().summary).toContain('by 1 auctions and 1 rewards');
  });

  it('is judged where no kind of work moves gold', () => {
    const golds = { generals: [general(1, { gold: 90 }), general(2, { gold: 60 })], nations: [nation(200)] };
    const found = misfitFindings([], evidence({ initial, database: golds }));
    expect(found.map(({ witness }) => witness().summary)).toEqual([
      's1:g1 has 90 gold and should have 100: nothing should have moved any',
      's1:g2 has 60 gold and should have 50: nothing should have moved any',
    ]);
  });

  it('does not accuse when no line tells of a hire', () => {
    expect(judge(world([130, 40, 40]), [bid(2, 30)])).toEqual([]);
  });
});
