/** A tournament with its participants and what it owes them. It holds the gold of the prizes until it is paid. */
import { Schema } from 'mongoose';
import { z } from 'zod';
import type { Immutable } from './entity-kind.ts';
import { amount, commonPaths, commonShape, date } from './fields.ts';

const participant = z.strictObject({
  /** Number of the general. */
  no: z.int().positive(),
  wins: amount,
  /** The round that the general lost, null while still in. */
  lost_in: z.int().positive().nullable(),
});

const reward = z.strictObject({ key: z.string(), no: z.int().positive(), gold: amount, paid: z.boolean() });
export type Reward = Immutable<z.output<typeof reward>>;

export const tournamentSchema = z.strictObject({
  ...commonShape,
  tournament: z.string().min(1),
  seed: z.string(),
  status: z.enum(['running', 'completed']),
  /** Last round that was decided. */
  round: amount,
  /** Newest holder of the lock of a round that has written. */
  fence: z.strictObject({ round: amount, token: amount }),
  next_round_at: date,
  round_period_ms: z.int().positive(),
  reward_per_win: amount,
  /** Gold of rewards not yet won, or won and not yet marked as paid. */
  pool: amount,
  participants: z.array(participant),
  rewards: z.array(reward),
});
export type Tournament = Immutable<z.output<typeof tournamentSchema>>;

export const tournamentMongooseSchema = new Schema(
  {
    ...commonPaths,
    tournament: { type: String, required: true },
    seed: { type: String, required: true },
    status: { type: String, enum: ['running', 'completed'], required: true },
    round: { type: Number, required: true },
    fence: { type: Object, required: true },
    next_round_at: { type: Date, required: true },
    round_period_ms: { type: Number, required: true },
    reward_per_win: { type: Number, required: true },
    pool: { type: Number, required: true, min: 0 },
    participants: { type: [Object], required: true },
    rewards: { type: [Object], required: true },
  },
  { versionKey: false, strict: 'throw' },
);
tournamentMongooseSchema.index({ status: 1, next_round_at: 1 });
tournamentMongooseSchema.index({ 'rewards.paid': 1 });
tournamentMongooseSchema.index({ session_id: 1, tournament: 1 }, { unique: true });
