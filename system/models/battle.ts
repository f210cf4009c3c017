/** A battle for a city. The state of its units lives here and not in the cache. */
import { Schema } from 'mongoose';
import { z } from 'zod';
import type { Immutable } from './entity-kind.ts';
import { amount, commonPaths, commonShape, date } from './fields.ts';

const side = z.enum(['attacker', 'defender']);
export type Side = z.output<typeof side>;

const unit = z.strictObject({ side, general: z.int().positive(), soldiers: amount });

export const battleSchema = z.strictObject({
  ...commonShape,
  battle: z.string().min(1),
  city: z.int().positive(),
  /** The general who takes the city when the attack succeeds. */
  attacker: z.int().positive(),
  units: z.array(unit),
  status: z.enum(['running', 'finalised']),
  ends_at: date,
  winner: side.nullable(),
  /** The nation that lost its last city by this battle, if one did. */
  destroyed_nation: z.int().positive().nullable(),
});
export type Battle = Immutable<z.output<typeof battleSchema>>;

export const battleMongooseSchema = new Schema(
  {
    ...commonPaths,
    battle: { type: String, required: true },
    city: { type: Number, required: true },
    attacker: { type: Number, required: true },
    units: { type: [Object], required: true },
    status: { type: String, enum: ['running', 'finalised'], required: true },
    ends_at: { type: Date, required: true },
    winner: { type: String, default: null },
    destroyed_nation: { type: Number, default: null },
  },
  { versionKey: false, strict: 'throw' },
);
battleMongooseSchema.index({ status: 1, ends_at: 1 });
battleMongooseSchema.index({ session_id: 1, battle: 1 }, { unique: true });
