/** Requests about auctions, each with what it writes into the history (docs/data.md). */
import type { Request } from './client.ts';

export interface Opening {
  readonly seller: number;
  readonly item: number;
  readonly startingBid: number;
  readonly durationMs: number;
}

export function openAuction(sessionId: string, opening: Opening): Request {
  return {
    f: 'open-auction',
    kind: 'write',
    method: 'POST',
    path: `/api/sessions/${sessionId}/auctions`,
    body: { ...opening },
    subject: { sessionId, ...opening },
    describe: ({ data, outcome }) => ({ auction: data['auction'], outcome }),
  };
}

export function bid(
  sessionId: string,
  auction: string,
  bidder: number,
  amount: number,
  repeat: boolean,
  reuse = false,
): Request {
  return {
    f: 'bid',
    kind: 'write',
    method: 'POST',
    path: `/api/sessions/${sessionId}/auctions/${auction}/bids`,
    body: { bidder, amount },
    subject: { sessionId, auction, bidder, amount },
    describe: ({ outcome }) => ({ outcome }),
    repeat,
    ...(reuse ? { reuse: { bidder, amount: amount + 1 } } : {}),
  };
}

export function settle(sessionId: string, auction: string, repeat: boolean): Request {
  return {
    f: 'settle',
    kind: 'write',
    method: 'POST',
    path: `/api/sessions/${sessionId}/auctions/${auction}/settle`,
    body: {},
    subject: { sessionId, auction },
    describe: ({ data, outcome }) => ({ outcome, winner: data['winner'], price: data['price'] }),
    repeat,
  };
}
