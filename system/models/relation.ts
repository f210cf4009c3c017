/** One direction of the relation between two nations; the other direction is a document of its own and always says the same. */
import { Schema } from 'mongoose';
import { z } from 'zod';
import type { Immutable } from './entity-kind.ts';
import { commonPaths, commonShape } from './fields.ts';

export const relationStateSchema = z.enum(['alliance', 'neutral', 'war']);
export type RelationState = z.output<typeof relationStateSchema>;

export const relationSchema = z.strictObject({
  ...commonShape,
  from: z.int().positive(),
  to: z.int().positive(),
  state: relationStateSchema,
});
export type Relation = Immutable<z.output<typeof relationSchema>>;

export const relationMongooseSchema = new Schema(
  {
    ...commonPaths,
    from: { type: Number, required: true },
    to: { type: Number, required: true },
    state: { type: String, enum: relationStateSchema.options, required: true },
  },
  { versionKey: false, strict: 'throw' },
);
relationMongooseSchema.index({ session_id: 1, from: 1, to: 1 }, { unique: true });
