/** An item: owned by a general, sold in auctions. */
import { Schema } from 'mongoose';
import { z } from 'zod';
import type { Immutable } from './entity-kind.ts';
import { commonPaths, commonShape } from './fields.ts';

export const itemSchema = z.strictObject({
  ...commonShape,
  item: z.int().positive(),
  name: z.string(),
  /** Number of the general. */
  owner: z.int().positive(),
  /** The open auction it is in. */
  auction: z.string().nullable(),
});
export type Item = Immutable<z.output<typeof itemSchema>>;

export const itemMongooseSchema = new Schema(
  {
    ...commonPaths,
    item: { type: Number, required: true },
    name: { type: String, required: true },
    owner: { type: Number, required: true },
    auction: { type: String, default: null },
  },
  { versionKey: false, strict: 'throw' },
);
itemMongooseSchema.index({ session_id: 1, item: 1 }, { unique: true });
