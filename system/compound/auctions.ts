/**
 * The life of an auction. The auction holds the gold of the highest bid, so at every moment the gold of players, auctions
 * and nations together is the same.
 */
import type { Collections } from '../database/collections.ts';
import { SystemError } from '../errors.ts';
import type { Auction } from '../models/auction.ts';
import { needGeneral } from './find-or-refuse.ts';
import type { CompoundResult } from './run-compound.ts';
import type { UnitOfWork } from './unit-of-work.ts';

interface Opening {
  readonly sessionId: string;
  readonly auction: string;
  readonly seller: number;
  readonly item: number;
  readonly startingBid: number;
  readonly durationMs: number;
}

export async function openAuction(
  unit: UnitOfWork,
  collections: Collections,
  opening: Opening,
): Promise<CompoundResult> {
  const { sessionId, seller } = opening;
  await needGeneral(unit, collections, sessionId, seller);
  const item = await unit.findOne(collections.items, `${sessionId}:i${opening.item}`);
  if (item === null)
    throw new SystemError('item_unknown', `there is no item ${opening.item} in ${sessionId}`);
  if (item.owner !== seller || item.auction !== null) {
    throw new SystemError('item_unavailable', `general ${seller} can not sell item ${opening.item}`);
  }
  await unit.change(collections.items, item, { auction: opening.auction });
  const auction = await unit.insert(collections.auctions, {
    _id: auctionId(sessionId, opening.auction),
    session_id: sessionId,
    auction: opening.auction,
    item: opening.item,
    seller,
    status: 'open',
    starting_bid: opening.startingBid,
    highest_bid: null,
    escrow: 0,
    closes_at: new Date(unit.now.getTime() + opening.durationMs),
    settlement: null,
  });
  return {
    outcome: 'applied',
    data: { auction: opening.auction, closesAt: auction.closes_at.toISOString() },
  };
}

interface Bid {
  readonly sessionId: string;
  readonly auction: string;
  readonly bidder: number;
  readonly amount: number;
}

export async function placeBid(
  unit: UnitOfWork,
  collections: Collections,
  bid: Bid,
): Promise<CompoundResult> {
  const { sessionId, bidder, amount } = bid;
  const auction = await needAuction(unit, collections, sessionId, bid.auction);
  if (auction.status !== 'open' || auction.closes_at <= unit.now) {
    throw new SystemError('auction_closed', `auction ${bid.auction} takes no bids any more`);
  }
  const least = auction.highest_bid === null ? auction.starting_bid : auction.highest_bid.amount + 1;
  if (amount < least) {
    throw new SystemError('bid_too_low', `the least bid is ${least}`, { field: 'amount' });
  }
  const outbid = auction.highest_bid;
  // First give back, then take: a bidder who raises an own bid needs only the difference.
  if (outbid !== null) await give(unit, collections, sessionId, outbid.bidder, outbid.amount);
  await give(unit, collections, sessionId, bidder, -amount);
  await unit.change(collections.auctions, auction, { highest_bid: { bidder, amount }, escrow: amount });
  return { outcome: 'applied', data: { auction: bid.auction, bidder, amount } };
}

/** Exactly once: the record of the settlement is in the auction itself. */
export async function settleAuction(
  unit: UnitOfWork,
  collections: Collections,
  sessionId: string,
  name: string,
): Promise<CompoundResult> {
  const auction = await needAuction(unit, collections, sessionId, name);
  if (auction.settlement !== null)
    return { outcome: 'already', data: settlementData(name, auction.settlement) };
  if (auction.closes_at > unit.now) {
    throw new SystemError('auction_not_over', `auction ${name} closes at ${auction.closes_at.toISOString()}`);
  }
  const item = await unit.findOne(collections.items, `${sessionId}:i${auction.item}`);
  if (item === null)
    throw new SystemError('item_unknown', `there is no item ${auction.item} in ${sessionId}`);
  const won = auction.highest_bid;
  if (won !== null) await give(unit, collections, sessionId, auction.seller, auction.escrow);
  await unit.change(collections.items, item, { owner: won?.bidder ?? auction.seller, auction: null });
  const settlement = { winner: won?.bidder ?? null, price: won?.amount ?? 0, settled_at: unit.now };
  await unit.change(collections.auctions, auction, { status: 'completed', escrow: 0, settlement });
  return { outcome: 'applied', data: settlementData(name, settlement) };
}

function settlementData(auction: string, { winner, price }: { winner: number | null; price: number }) {
  return { auction, winner, price };
}

/** Negative amounts are taken. */
async function give(
  unit: UnitOfWork,
  collections: Collections,
  sessionId: string,
  no: number,
  gold: number,
): Promise<void> {
  const general = await needGeneral(unit, collections, sessionId, no);
  if (general.gold + gold < 0) {
    throw new SystemError('gold_insufficient', `general ${no} has ${general.gold} gold`, { field: 'amount' });
  }
  await unit.change(collections.entities.general, general, { gold: general.gold + gold });
}

async function needAuction(
  unit: UnitOfWork,
  collections: Collections,
  sessionId: string,
  name: string,
): Promise<Auction> {
  const found = await unit.findOne(collections.auctions, auctionId(sessionId, name));
  if (found === null) throw new SystemError('auction_unknown', `there is no auction ${name} in ${sessionId}`);
  return found;
}

function auctionId(sessionId: string, auction: string): string {
  return `${sessionId}:a${auction}`;
}
