/** A city: owned by a nation, or neutral. */
import { Schema } from 'mongoose';
import { z } from 'zod';
import { cacheKeys } from '../cache/keys.ts';
import type { EntityKind, Immutable } from './entity-kind.ts';
import { amount, commonPaths, commonShape, date, turnPaths, turnShape } from './fields.ts';
import { knownFieldsOf } from './known-fields.ts';

/** The number of "no nation": such a city is neutral, such a general free. */
export const neutralNation = 0;

const databaseSchema = z.strictObject({
  ...commonShape,
  city: z.int().positive(),
  name: z.string(),
  nation: amount,
  occupied_at: date.nullable(),
  population: amount,
  agriculture: amount,
  commerce: amount,
  ...turnShape,
});

export type City = Immutable<z.output<typeof databaseSchema>>;

const mongooseSchema = new Schema(
  {
    ...commonPaths,
    city: { type: Number, required: true },
    name: { type: String, required: true },
    nation: { type: Number, required: true },
    occupied_at: { type: Date, default: null },
    population: { type: Number, required: true, min: 0 },
    agriculture: { type: Number, required: true, min: 0 },
    commerce: { type: Number, required: true, min: 0 },
    ...turnPaths,
  },
  { versionKey: false, strict: 'throw' },
);
mongooseSchema.index({ session_id: 1, city: 1 }, { unique: true });
mongooseSchema.index({ session_id: 1, nation: 1 });
mongooseSchema.index({ session_id: 1, last_turn: 1 });

export const cityKind: EntityKind<City> = {
  type: 'city',
  collection: 'cities',
  databaseSchema,
  knowsFields: knownFieldsOf(databaseSchema),
  dateFields: ['updated_at', 'occupied_at'],
  mongooseSchema,
  entityKeys: (city) => [cacheKeys.city(city.session_id, city.city)],
  listKeys: (city) => [
    cacheKeys.cities(city.session_id),
    cacheKeys.citiesOfNation(city.session_id, city.nation),
  ],
};
