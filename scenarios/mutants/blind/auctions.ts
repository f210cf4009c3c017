/** Mistakes in auctions. */
import type { Mutant } from '../../../chaos/api/index.ts';

export const auctionMutants: readonly Mutant[] = [
  {
    // An auction without bids is never closed, and its item can not be sold again.
    name: 'auction-without-bids-left-open',
    title: 'The auction-processor only looks for auctions with a bid',
    edits: [
      {
        file: 'system/daemons/auction-processor/main.ts',
        find: "status: 'open',",
        replace: `status: 'open',
      highest_bid: { $ne: null },`,
      },
    ],
    scenario: 'auctions',
    fault: 'none',
    breaks: ['I17'],
  },
  {
    // Bids after closes_at are applied until a processor settles the auction; with auction-processors killed or
    // paused that is a long time.
    name: 'bid-after-closing-time',
    title: 'A bid is only refused once the auction is settled',
    edits: [
      {
        file: 'system/compound/auctions.ts',
        find: "auction.status !== 'open' || auction.closes_at <= unit.now",
        replace: "auction.status !== 'open'",
      },
    ],
    scenario: 'auctions',
    fault: 'none',
    breaks: ['I3'],
  },
  {
    // A later bid of the same amount is applied and takes the place of the earlier one, which should have won.
    name: 'equal-bid-wins',
    title: 'The least bid is the highest bid instead of one more',
    edits: [
      {
        file: 'system/compound/auctions.ts',
        find: 'auction.highest_bid.amount + 1',
        replace: 'auction.highest_bid.amount',
      },
    ],
    scenario: 'auctions',
    fault: 'none',
    breaks: ['I3'],
  },
  {
    // One item is put up in several auctions at once; each is settled and paid, and only the last winner has the
    // item.
    name: 'item-in-two-auctions',
    title: 'Opening an auction does not reserve its item',
    edits: [
      {
        file: 'system/compound/auctions.ts',
        find: `  await unit.change(collections.items, item, { auction: opening.auction });
`,
        replace: '',
      },
    ],
    scenario: 'auctions',
    fault: 'none',
    breaks: ['I3'],
  },
  {
    // Gold disappears from the world with every raised bid; the bidder pays twice.
    name: 'own-bid-not-given-back',
    title: 'A bidder who raises the own bid does not get the earlier amount back',
    edits: [
      {
        file: 'system/compound/auctions.ts',
        find: 'if (outbid !== null) await give',
        replace: 'if (outbid !== null && outbid.bidder !== bidder) await give',
      },
    ],
    scenario: 'auctions',
    fault: 'none',
    breaks: ['I4'],
    // Few bidders, so that many outbid themselves.
    variant: { world: { generals: 10, items: 10 } },
  },
  {
    // The answer and the settlement say a lower price than was taken from the winner and paid to the seller.
    name: 'settlement-names-starting-bid',
    title: 'The record of a settlement gives the starting bid as the price',
    edits: [
      {
        file: 'system/compound/auctions.ts',
        find: 'price: won?.amount ?? 0',
        replace: 'price: won === null ? 0 : auction.starting_bid',
      },
    ],
    scenario: 'auctions',
    fault: 'none',
    breaks: ['I3'],
  },
  {
    // The item names a completed auction, and its owner can never sell it (item_unavailable).
    name: 'sold-item-stays-in-auction',
    title: 'Settling an auction leaves its name in the item',
    edits: [
      {
        file: 'system/compound/auctions.ts',
        find: '{ owner: won?.bidder ?? auction.seller, auction: null }',
        replace: '{ owner: won?.bidder ?? auction.seller }',
      },
    ],
    scenario: 'auctions',
    fault: 'none',
    breaks: ['I3'],
  },
];
