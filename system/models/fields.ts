/** Field types shared by the entities. Each shape is built twice: with dates as MongoDB holds them, and as ISO text, as the cache does. */
import { z } from 'zod';

export const databaseDate: z.ZodType<Date> = z.date();

/** A date that went through JSON comes back as a date, so that it can not be written to the database as text. */
export const cachedDate: z.ZodType<Date> = z.iso.datetime().transform((text) => new Date(text));

export const amount = z.int().nonnegative();

/** What every entity carries; `version` and `write_id` change with every applied write and are compared by every write. */
export const commonShape = (date: z.ZodType<Date>) => ({
  _id: z.string().min(1),
  session_id: z.string().min(1),
  version: z.int().positive(),
  write_id: z.string().min(1),
  updated_at: date,
});

/** Fields of an entity that takes part in turns. `last_turn` is the guard of each entity, `turn_fence` the newest token that wrote it. */
export const turnShape = {
  turns_lived: amount,
  last_turn: amount,
  turn_fence: amount,
};

/** The same for Mongoose, which owns the collections and their indexes. */
export const commonPaths = {
  _id: { type: String, required: true },
  session_id: { type: String, required: true },
  version: { type: Number, required: true },
  write_id: { type: String, required: true },
  updated_at: { type: Date, required: true },
} as const;

export const turnPaths = {
  turns_lived: { type: Number, required: true },
  last_turn: { type: Number, required: true },
  turn_fence: { type: Number, required: true },
} as const;
