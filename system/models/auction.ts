/** An auction. It holds the gold of the highest bid until it is outbid or the auction is settled. */
import { Schema } from 'mongoose';
import { z } from 'zod';
import type { Immutable } from './entity-kind.ts';
import { amount, commonPaths, commonShape, date } from './fields.ts';

const settlement = z.strictObject({
  /** Number of the general, null without a bid. */
  winner: z.int().positive().nullable(),
  price: amount,
  settled_at: date,
});

export const auctionSchema = z.strictObject({
  ...commonShape,
  auction: z.string().min(1),
  item: z.int().positive(),
  seller: z.int().positive(),
  status: z.enum(['open', 'completed']),
  starting_bid: z.int().positive(),
  highest_bid: z.strictObject({ bidder: z.int().positive(), amount: z.int().positive() }).nullable(),
  /** Gold held: the highest bid while it is open, 0 afterwards. */
  escrow: amount,
  closes_at: date,
  settlement: settlement.nullable(),
});
export type Auction = Immutable<z.output<typeof auctionSchema>>;

export const auctionMongooseSchema = new Schema(
  {
    ...commonPaths,
    auction: { type: String, required: true },
    item: { type: Number, required: true },
    seller: { type: Number, required: true },
    status: { type: String, enum: ['open', 'completed'], required: true },
    starting_bid: { type: Number, required: true },
    highest_bid: { type: Object, default: null },
    escrow: { type: Number, required: true, min: 0 },
    closes_at: { type: Date, required: true },
    settlement: { type: Object, default: null },
  },
  { versionKey: false, strict: 'throw' },
);
auctionMongooseSchema.index({ status: 1, closes_at: 1 });
auctionMongooseSchema.index({ session_id: 1, auction: 1 }, { unique: true });
