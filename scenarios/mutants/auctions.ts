/** Mutants of the auctions. */
import type { Mutant } from '../../chaos/api/index.ts';

export const auctionMutants: readonly Mutant[] = [
  {
    name: 'auction-settled-again',
    title: 'An auction that was settled is settled again',
    edits: [
      {
        file: 'system/compound/auctions.ts',
        find: 'if (auction.settlement !== null)',
        replace: "if (auction.settlement !== null && auction.status === 'open')",
      },
      {
        file: 'system/compound/auctions.ts',
        find: 'auction.seller, auction.escrow)',
        replace: 'auction.seller, won.amount)',
      },
    ],
    scenario: 'auctions',
    fault: 'redis-down',
    breaks: ['I3', 'I4'],
  },
  {
    name: 'bid-without-gold',
    title: 'The gold of a bidder is not checked',
    edits: [
      {
        file: 'system/compound/auctions.ts',
        find: 'if (general.gold + gold < 0) {',
        replace: 'if (general.gold < 0) {',
      },
    ],
    scenario: 'auctions',
    fault: 'none',
    breaks: ['I4'],
  },
  {
    name: 'refund-outside-the-transaction',
    title: 'An outbid bidder is refunded outside the transaction, and again when it is repeated',
    edits: [
      {
        file: 'system/compound/auctions.ts',
        find: 'if (outbid !== null) await give(unit, collections, sessionId, outbid.bidder, outbid.amount);',
        replace: `if (outbid !== null && outbid.bidder === bidder) await give(unit, collections, sessionId, bidder, outbid.amount);
  else if (outbid !== null) {
    await collections.entities.general.documents.updateOne(
      { _id: \`\${sessionId}:g\${outbid.bidder}\` },
      { $inc: { gold: outbid.amount, version: 1 } },
    );
  }`,
      },
    ],
    scenario: 'auctions',
    fault: 'mongo-commit-reply-lost',
    breaks: ['I4'],
    // Few auctions, so that most bids outbid another bidder.
    variant: { world: { items: 10 } },
  },
];
