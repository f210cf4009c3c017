import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { auctionTimeFindings, soldTwice } from './auction-times.ts';
import { operation } from './testing/literal.ts';

/** Opened at some moment from 1,000 to 1,020 ms for 500 ms. */
const opened = opening('a', 500, [1_000, 1_020]);

function opening(auction: string, durationMs: number, times: readonly [number, number]): Operation {
  const value = { auction, item: 1, seller: 1, startingBid: 10, durationMs, outcome: 'applied' };
  return operation(1, 'open-auction', 'ok', value, times);
}

const bidAt = (startedMs: number, type: Operation['type'] = 'ok') =>
  operation(
    2,
    'bid',
    type,
    { auction: 'a', bidder: 2, amount: 20, ...(type === 'ok' ? { outcome: 'applied' } : {}) },
    [startedMs, startedMs + 10],
  );
const settledBy = (endedMs: number) =>
  operation(3, 'settle', 'ok', { auction: 'a', outcome: 'applied', winner: 2, price: 20 }, [
    endedMs - 30,
    endedMs,
  ]);

const summaries = (bids: readonly Operation[], settlements: readonly Operation[]) =>
  auctionTimeFindings('s1:aa', { openings: [opened], bids: [...bids], settlements: [...settlements] }).map(
    ({ witness }) => witness().summary,
  );

describe('the time of an auction', () => {
  it('accuses a bid that was taken after it had closed for certain', () => {
    expect(summaries([bidAt(1_600)], [])).toEqual([expect.stringContaining('after it had closed')]);
  });

  it('accuses a settlement that was answered before it can have closed', () => {
    expect(summaries([], [settledBy(1_400)])).toEqual([expect.stringContaining('before it closed')]);
  });

  it('lets pass what may have been in time, was refused, or has no answer', () => {
    expect(summaries([bidAt(1_515), bidAt(1_600, 'fail'), bidAt(1_700, 'info')], [settledBy(1_495)])).toEqual(
      [],
    );
  });
});

describe('an item', () => {
  const sold = (...openings: readonly Operation[]) =>
    soldTwice(
      new Map(
        openings.map((one) => [
          `s1:a${String(one.value['auction'])}`,
          { openings: [one], bids: [], settlements: [] },
        ]),
      ),
    ).length;

  it('is not up in two auctions at once', () => {
    expect(sold(opened, opening('b', 500, [1_100, 1_120]))).toBe(1);
  });

  it('may be put up again once the first may be over, and a request without an answer tells nothing', () => {
    expect(sold(opened, opening('b', 500, [1_480, 1_530]))).toBe(0);
    expect(sold(opened, { ...opening('b', 500, [1_100, 1_120]), type: 'info' })).toBe(0);
  });
});
