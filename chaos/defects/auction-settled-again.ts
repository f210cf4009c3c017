/** Stands in for `system/compound/auctions.ts`: an auction is settled whenever it is asked for, also one that was settled before. */
import type { Collections } from '../../system/database/collections.ts';
import { SystemError } from '../../system/errors.ts';
import { needGeneral } from '../../system/compound/find-or-refuse.ts';
import type { CompoundResult } from '../../system/compound/run-compound.ts';
import type { UnitOfWork } from '../../system/compound/unit-of-work.ts';

export * from '../../system/compound/auctions.ts';

export async function settleAuction(
  unit: UnitOfWork,
  collections: Collections,
  sessionId: string,
  name: string,
): Promise<CompoundResult> {
  const auction = await unit.findOne(collections.auctions, `${sessionId}:a${name}`);
  if (auction === null) throw new SystemError('auction_unknown', `there is no auction ${name}`);
  if (auction.closes_at > unit.now) throw new SystemError('auction_not_over', `auction ${name} goes on`);
  const item = await unit.findOne(collections.items, `${sessionId}:i${auction.item}`);
  if (item === null) throw new SystemError('item_unknown', `there is no item ${auction.item}`);
  const won = auction.highest_bid;
  if (won !== null) {
    const seller = await needGeneral(unit, collections, sessionId, auction.seller);
    await unit.change(collections.entities.general, seller, { gold: seller.gold + won.amount });
  }
  await unit.change(collections.items, item, { owner: won?.bidder ?? auction.seller, auction: null });
  const settlement = { winner: won?.bidder ?? null, price: won?.amount ?? 0, settled_at: unit.now };
  await unit.change(collections.auctions, auction, { status: 'completed', escrow: 0, settlement });
  return { outcome: 'applied', data: { auction: name, winner: settlement.winner, price: settlement.price } };
}
