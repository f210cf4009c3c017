/** A session: one game world and the state of its turns. */
import { Schema } from 'mongoose';
import { z } from 'zod';
import { cacheKeys } from '../cache/keys.ts';
import type { EntityKind, Immutable } from './entity-kind.ts';
import { amount, commonPaths, commonShape, date } from './fields.ts';
import { knownFieldsOf } from './known-fields.ts';

const databaseSchema = z.strictObject({
  ...commonShape,
  name: z.string(),
  seed: z.string(),
  turn: amount,
  turn_started: z
    .strictObject({ turn: z.int().positive(), token: z.int().positive(), by: z.string() })
    .nullable(),
  turn_fence: amount,
  turn_period_ms: z.int().positive(),
  next_turn_at: date,
});

export type Session = Immutable<z.output<typeof databaseSchema>>;

const mongooseSchema = new Schema(
  {
    ...commonPaths,
    name: { type: String, required: true },
    seed: { type: String, required: true },
    turn: { type: Number, required: true },
    turn_started: { type: { turn: Number, token: Number, by: String }, default: null, _id: false },
    turn_fence: { type: Number, required: true },
    turn_period_ms: { type: Number, required: true },
    next_turn_at: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw' },
);
mongooseSchema.index({ next_turn_at: 1 });

export const sessionKind: EntityKind<Session> = {
  type: 'session',
  collection: 'sessions',
  databaseSchema,
  knowsFields: knownFieldsOf(databaseSchema),
  dateFields: ['updated_at', 'next_turn_at'],
  mongooseSchema,
  entityKeys: (session) => [cacheKeys.session(session._id)],
  listKeys: () => [],
};
