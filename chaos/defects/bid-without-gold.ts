/** Stands in for `system/compound/auctions.ts`: whether a bidder has the gold is not asked, and he goes into debt. */
import * as right from '../../system/compound/auctions.ts';
import type { CompoundResult } from '../../system/compound/run-compound.ts';
import { needGeneral } from '../../system/compound/find-or-refuse.ts';
import { SystemError } from '../../system/errors.ts';

export { openAuction, settleAuction } from '../../system/compound/auctions.ts';

export async function placeBid(
  ...[unit, collections, bid]: Parameters<typeof right.placeBid>
): Promise<CompoundResult> {
  try {
    return await right.placeBid(unit, collections, bid);
  } catch (error) {
    if (!(error instanceof SystemError) || error.code !== 'gold_insufficient') throw error;
  }
  // The one before has got his gold back by now.
  const { sessionId, bidder, amount } = bid;
  const general = await needGeneral(unit, collections, sessionId, bidder);
  await unit.change(collections.entities.general, general, { gold: general.gold - amount });
  const auction = await unit.findOne(collections.auctions, `${sessionId}:a${bid.auction}`);
  if (auction === null) throw new SystemError('auction_unknown', `there is no auction ${bid.auction}`);
  await unit.change(collections.auctions, auction, { highest_bid: { bidder, amount }, escrow: amount });
  return { outcome: 'applied', data: { auction: bid.auction, bidder, amount } };
}
