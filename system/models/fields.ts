/** Field types shared by the entities. */
import { z } from 'zod';

export const date: z.ZodType<Date> = z.date();

export const amount = z.int().nonnegative();

/** What every entity carries; `version` and `write_id` change with every applied write and are compared by every write. */
export const commonShape = {
  _id: z.string().min(1),
  session_id: z.string().min(1),
  version: z.int().positive(),
  write_id: z.string().min(1),
  updated_at: date,
};

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
