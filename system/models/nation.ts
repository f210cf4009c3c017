/** A nation: owns cities, pays generals, has allies. */
import { Schema } from 'mongoose';
import { z } from 'zod';
import { cacheKeys } from '../cache/keys.ts';
import type { EntityKind, Immutable } from './entity-kind.ts';
import { amount, commonPaths, commonShape, date, turnPaths, turnShape } from './fields.ts';
import { knownFieldsOf } from './known-fields.ts';

const databaseSchema = z.strictObject({
  ...commonShape,
  nation: z.int().positive(),
  name: z.string(),
  status: z.enum(['active', 'destroyed']),
  destroyed_at: date.nullable(),
  city_count: amount,
  gold: amount,
  rice: amount,
  population: amount,
  allies: z.array(z.int().positive()),
  ...turnShape,
});

export type Nation = Immutable<z.output<typeof databaseSchema>>;

const mongooseSchema = new Schema(
  {
    ...commonPaths,
    nation: { type: Number, required: true },
    name: { type: String, required: true },
    status: { type: String, enum: ['active', 'destroyed'], required: true },
    destroyed_at: { type: Date, default: null },
    city_count: { type: Number, required: true, min: 0 },
    gold: { type: Number, required: true, min: 0 },
    rice: { type: Number, required: true, min: 0 },
    population: { type: Number, required: true, min: 0 },
    allies: { type: [Number], required: true },
    ...turnPaths,
  },
  { versionKey: false, strict: 'throw' },
);
mongooseSchema.index({ session_id: 1, nation: 1 }, { unique: true });
mongooseSchema.index({ session_id: 1, last_turn: 1 });

export const nationKind: EntityKind<Nation> = {
  type: 'nation',
  collection: 'nations',
  databaseSchema,
  knowsFields: knownFieldsOf(databaseSchema),
  dateFields: ['updated_at', 'destroyed_at'],
  mongooseSchema,
  entityKeys: (nation) => [cacheKeys.nation(nation.session_id, nation.nation)],
  listKeys: (nation) => [cacheKeys.nations(nation.session_id)],
};
