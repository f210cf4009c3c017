import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { auctionsSettledOnce } from './i3-auctions-settled-once.ts';
import { evidence, general, operation } from './testing/literal.ts';

type Type = Operation['type'];
type Fields = Record<string, unknown>;

const bid = (bidder: number, amount: number, type: Type = 'ok', more: Fields = {}): Operation =>
  operation(1, 'bid', type, { auction: 'x', bidder, amount, outcome: 'applied', ...more }, [10, 20]);
const settle = (outcome: string, winner: number | null, price: number): Operation =>
  operation(2, 'settle', 'ok', { auction: 'x', outcome, winner, price }, [30, 40]);

const won = (winner: number, price: number, at = '2026-01-01T00:00:01.000Z'): Fields => ({
  status: 'completed',
  escrow: 0,
  highest_bid: { bidder: winner, amount: price },
  settlement: { winner, price, settled_at: at },
});
const auction = (name: string, seller: number, fields: Fields): Fields => ({
  _id: `s1:a${name}`,
  session_id: 's1',
  auction: name,
  item: 1,
  seller,
  ...fields,
});
const item = (owner: number, bound: string | null = null): Fields => ({
  _id: 's1:i1',
  session_id: 's1',
  item: 1,
  owner,
  auction: bound,
});
const purses = (first: number, second: number, third = 100): Fields[] => [
  general(1, { gold: first }),
  general(2, { gold: second }),
  general(3, { gold: third }),
];

/** General 1 sells item 1 to general 2 for 30 of their 100 gold, unless the overrides say otherwise. */
function judged(
  history: readonly Operation[],
  database: Record<string, Fields[]> = {},
  overrides: Fields = {},
) {
  return auctionsSettledOnce.check(
    history,
    evidence({
      initial: { generals: purses(100, 100) },
      ...overrides,
      database: {
        generals: purses(130, 70),
        auctions: [auction('x', 1, won(2, 30))],
        items: [item(2)],
        ...database,
      },
    }),
  );
}

const sold = [bid(3, 20), bid(2, 30), settle('applied', 2, 30), settle('already', 2, 30)];
const open = auction('x', 1, {
  status: 'open',
  escrow: 30,
  highest_bid: { bidder: 2, amount: 30 },
  settlement: null,
});

describe('I3', () => {
  it('holds for one settlement that item, gold and record agree on', () => {
    expect(judged(sold)).toMatchObject({ verdict: 'true' });
  });

  it('holds for an auction without bids, and for one that is open', () => {
    const unsold = auction('y', 1, {
      status: 'completed',
      escrow: 0,
      highest_bid: null,
      settlement: { winner: null, price: 0, settled_at: '2026-01-01T00:00:01.000Z' },
    });
    const answer = operation(
      2,
      'settle',
      'ok',
      { auction: 'y', outcome: 'applied', winner: null, price: 0 },
      [1, 2],
    );
    const database = { auctions: [open, unsold], items: [item(1, 'x')], generals: purses(100, 70) };
    expect(judged([bid(2, 30), answer], database)).toMatchObject({ verdict: 'true' });
  });

  it('sees a settlement that was acknowledged as applied twice', () => {
    const verdict = judged([...sold, settle('applied', 2, 30)]);
    expect(verdict.reason).toContain('acknowledged as settled 2 times');
    expect(verdict.witnesses[0]?.operations).toHaveLength(2);
  });

  it('sees an acknowledgement that the record contradicts, also of an auction that is still open', () => {
    expect(judged([...sold, settle('already', 3, 31)]).reason).toContain('winner 3 at 31 gold');
    const database = { auctions: [open], items: [item(1, 'x')], generals: purses(100, 70) };
    expect(judged(sold, database)).toMatchObject({ verdict: 'false' });
  });

  it('sees fields of the auction that disagree', () => {
    const keeping = auction('x', 1, { ...won(2, 30), escrow: 30 });
    expect(judged(sold, { auctions: [keeping] }).reason).toContain('has escrow 30');
    const other = { ...won(2, 30), highest_bid: { bidder: 3, amount: 30 } };
    const third = [...sold, bid(3, 30, 'info')];
    expect(judged(third, { auctions: [auction('x', 1, other)] }).reason).toContain('has winner 2');
    const empty = { auctions: [{ ...open, escrow: 0 }], items: [item(1, 'x')], generals: purses(100, 100) };
    expect(judged([bid(2, 30)], empty).verdict).toBe('false');
  });

  it('sees an acknowledged bid that a lower one beat, and lets one of unknown end be lost', () => {
    expect(judged([...sold, bid(3, 31)]).reason).toContain('a bid of 31 gold');
    expect(judged([...sold, bid(3, 31, 'info'), bid(3, 32, 'fail')]).verdict).toBe('true');
  });

  it('lets a bid of unknown end win, and not one that was answered as failed', () => {
    const answers = sold.slice(2);
    expect(judged([bid(2, 30, 'info'), ...answers]).verdict).toBe('true');
    expect(judged([bid(2, 30, 'fail', { attempts: 2 }), ...answers]).verdict).toBe('true');
    expect(judged([bid(2, 30, 'fail'), ...answers]).reason).toContain('answered as failed');
  });

  it('knows nothing when no line tells of the highest bid', () => {
    expect(judged(sold.slice(2))).toMatchObject({ verdict: 'unknown' });
    expect(judged([bid(3, 30), ...sold.slice(2)])).toMatchObject({ verdict: 'unknown' });
  });

  it('sees an item that is not its winner’s, and one that is bound to no open auction', () => {
    expect(judged(sold, { items: [item(1)] }).reason).toContain('belongs to general 1');
    expect(judged(sold, { items: [item(2, 'x')] }).reason).toContain('bound to auction x');
  });

  it('lets the winner sell on, and asks the last auction whose the item is', () => {
    const auctions = [
      auction('x', 1, won(2, 30)),
      auction('y', 2, {
        ...won(3, 10),
        settlement: { winner: 3, price: 10, settled_at: '2026-01-01T00:00:02.000Z' },
      }),
    ];
    const again = operation(
      1,
      'bid',
      'ok',
      { auction: 'y', bidder: 3, amount: 10, outcome: 'applied' },
      [50, 60],
    );
    const generals = purses(130, 80, 90);
    expect(judged([...sold, again], { auctions, items: [item(3)], generals }).verdict).toBe('true');
    expect(judged([...sold, again], { auctions, items: [item(2)], generals }).verdict).toBe('false');
    // Whatever the clocks of the processes that settled them say.
    const early = {
      ...won(3, 10),
      settlement: { winner: 3, price: 10, settled_at: '2026-01-01T00:00:00.500Z' },
    };
    const shifted = [auction('x', 1, won(2, 30)), auction('y', 2, early)];
    expect(judged([...sold, again], { auctions: shifted, items: [item(3)], generals }).verdict).toBe('true');
    expect(judged([...sold, again], { auctions: shifted, items: [item(2)], generals }).verdict).toBe('false');
  });

  it('sees gold that was taken twice or not at all, once the system is at rest', () => {
    expect(judged(sold, { generals: purses(130, 40) }).reason).toContain('has 40 gold');
    expect(judged(sold, { generals: purses(100, 70) }).reason).toContain('should have 130');
    expect(judged(sold, { generals: purses(100, 70) }, { quiescedMs: null }).verdict).toBe('unknown');
  });

  it('judges an account that rewards moved as well', () => {
    const tournaments = [
      {
        _id: 's1:t1',
        session_id: 's1',
        round: 1,
        pool: 0,
        rewards: [{ key: '1/1', no: 2, gold: 50, paid: true }],
      },
    ];
    const generals = [
      general(1, { gold: 130 }),
      general(2, { gold: 1, rewards: ['1/1'] }),
      general(3, { gold: 100 }),
    ];
    expect(judged(sold, { generals, tournaments }).reason).toContain('s1:g2 has 1 gold and should have 120');
    const right = [generals[0] ?? {}, general(2, { gold: 120, rewards: ['1/1'] }), generals[2] ?? {}];
    expect(judged(sold, { generals: right, tournaments }).verdict).toBe('true');
  });

  it('sees a refund that went to somebody else, though the sum fits', () => {
    const outbid = bid(3, 7);
    const generals = [...purses(130, 70, 93), general(4, { gold: 107 })];
    const initial = { generals: [...purses(100, 100), general(4, { gold: 100 })] };
    const verdict = judged([outbid, ...sold], { generals }, { initial });
    expect(verdict.verdict).toBe('false');
    expect(verdict.witnesses.map(({ summary }) => summary)).toEqual([
      's1:g3 has 93 gold and should have 100',
      's1:g4 has 107 gold and should have 100',
    ]);
  });

  it('orders bids by their amounts, and settlements after them', () => {
    const at = (from: number, operation: Operation) => ({ ...operation, startedMs: from, endedMs: from + 1 });
    const verdictOf = (...before: Operation[]) => judged([...before, ...sold.slice(1)]).verdict;
    expect(verdictOf(at(0, bid(3, 29)))).toBe('true');
    expect(verdictOf(at(0, bid(3, 30)))).toBe('false');
    // Sold to a bid of 30 that ended at 20, settled at 40.
    expect(verdictOf(at(20, bid(3, 29)))).toBe('true');
    expect(verdictOf(at(21, bid(3, 29)))).toBe('false');
    expect(verdictOf(at(21, bid(3, 29, 'info')))).toBe('true');
  });

  it('sees an auction that was opened and is gone', () => {
    const opened = operation(3, 'open-auction', 'ok', { auction: 'z', item: 9, seller: 1 }, [0, 5]);
    expect(judged([...sold, opened]).reason).toBe('auction s1:az was opened and is not in the database');
    const unclear = operation(3, 'open-auction', 'info', { item: 9, seller: 1 }, [0, 5]);
    expect(judged([...sold, unclear]).verdict).toBe('true');
  });

  it('knows nothing when no auction was settled, or the seeded gold was not read', () => {
    const database = { auctions: [open], items: [item(1, 'x')], generals: purses(100, 70) };
    expect(judged([bid(2, 30)], database).reason).toBe('no auction was settled');
    expect(judged(sold, {}, { initial: undefined }).verdict).toBe('unknown');
  });
});
