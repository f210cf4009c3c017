/**
 * Stands in for `system/compound/auctions.ts`: who is outbid gets his gold back by a write without the transaction's session. When the
 * transaction has to be repeated, he gets it again.
 */
import * as right from '../../system/compound/auctions.ts';
import type { CompoundResult } from '../../system/compound/run-compound.ts';
import { durable } from '../../system/database/durability.ts';
import type { UpdateFilter } from '../../system/database/driver.ts';
import { needGeneral } from '../../system/compound/find-or-refuse.ts';
import { SystemError } from '../../system/errors.ts';

export { openAuction, settleAuction } from '../../system/compound/auctions.ts';

export async function placeBid(
  ...[unit, collections, bid]: Parameters<typeof right.placeBid>
): Promise<CompoundResult> {
  const { sessionId, bidder, amount } = bid;
  const auction = await unit.findOne(collections.auctions, `${sessionId}:a${bid.auction}`);
  const outbid = auction?.highest_bid ?? null;
  if (auction === null || outbid === null || outbid.bidder === bidder || amount <= outbid.amount) {
    return await right.placeBid(unit, collections, bid);
  }
  if (auction.status !== 'open' || auction.closes_at <= unit.now) {
    throw new SystemError('auction_closed', `auction ${bid.auction} takes no bids any more`);
  }
  const general = await needGeneral(unit, collections, sessionId, bidder);
  if (general.gold < amount) throw new SystemError('gold_insufficient', `general ${bidder} has not enough`);
  const refund = { $inc: { gold: outbid.amount, version: 1 } } as UpdateFilter;
  await collections.entities.general.documents.updateOne(
    { _id: `${sessionId}:g${outbid.bidder}` },
    refund,
    durable,
  );
  await unit.change(collections.entities.general, general, { gold: general.gold - amount });
  await unit.change(collections.auctions, auction, { highest_bid: { bidder, amount }, escrow: amount });
  return { outcome: 'applied', data: { auction: bid.auction, bidder, amount } };
}
