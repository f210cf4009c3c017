/** A general: a player's character. */
import { Schema } from 'mongoose';
import { z } from 'zod';
import { cacheKeys } from '../cache/keys.ts';
import type { EntityKind, Immutable } from './entity-kind.ts';
import { amount, commonPaths, commonShape, date, turnPaths, turnShape } from './fields.ts';
import { knownFieldsOf } from './known-fields.ts';

/** How many orders a general can reserve: slots "0" to "49". */
export const orderSlots = 50;
/** How many answers to idempotent requests a general remembers. */
export const recentKeysLimit = 32;

const actionResult = z.strictObject({
  no: z.int().positive(),
  version: z.int().positive(),
  actionCount: amount,
});
export type ActionResult = Immutable<z.output<typeof actionResult>>;

const databaseSchema = z.strictObject({
  ...commonShape,
  general_id: z.string().min(1),
  no: z.int().positive(),
  name: z.string(),
  nation: amount,
  city: amount,
  officer_level: amount,
  gold: amount,
  rice: amount,
  experience: amount,
  ...turnShape,
  action_count: amount,
  orders: z.record(z.string().regex(/^\d{1,2}$/), z.string()),
  recent_keys: z.array(z.strictObject({ key: z.string(), fingerprint: z.string(), result: actionResult })),
  rewards: z.array(z.string()),
  last_action: z.string().nullable(),
  last_action_at: date.nullable(),
});

export type General = Immutable<z.output<typeof databaseSchema>>;

const mongooseSchema = new Schema(
  {
    ...commonPaths,
    general_id: { type: String, required: true },
    no: { type: Number, required: true },
    name: { type: String, required: true },
    nation: { type: Number, required: true },
    city: { type: Number, required: true },
    officer_level: { type: Number, required: true },
    gold: { type: Number, required: true, min: 0 },
    rice: { type: Number, required: true, min: 0 },
    experience: { type: Number, required: true, min: 0 },
    ...turnPaths,
    action_count: { type: Number, required: true },
    orders: { type: Map, of: String, required: true },
    recent_keys: { type: [{ _id: false, key: String, fingerprint: String, result: Object }] },
    rewards: { type: [String], required: true },
    last_action: { type: String, default: null },
    last_action_at: { type: Date, default: null },
  },
  { versionKey: false, strict: 'throw', minimize: false },
);
mongooseSchema.index({ session_id: 1, no: 1 }, { unique: true });
mongooseSchema.index({ session_id: 1, nation: 1 });
mongooseSchema.index({ session_id: 1, last_turn: 1 });

export const generalKind: EntityKind<General> = {
  type: 'general',
  collection: 'generals',
  databaseSchema,
  knowsFields: knownFieldsOf(databaseSchema),
  dateFields: ['updated_at', 'last_action_at'],
  mongooseSchema,
  entityKeys: (general) => [
    cacheKeys.general(general.session_id, general.general_id),
    cacheKeys.generalByNo(general.session_id, general.no),
  ],
  listKeys: (general) => [cacheKeys.generals(general.session_id)],
};
