/** From players to requests: what one of them does in a minute, and what the game does for him whether he is there or not. */
import { z } from 'zod';

export const playerSchema = z.object({
  /** Looks at his general, his city, his nation and the session, in a minute. */
  readsPerMinute: z.number().nonnegative(),
  /** Commands in a minute. */
  actionsPerMinute: z.number().nonnegative(),
  /** Share of all players who are there at once; the generals of the others take part in every turn all the same. */
  onlineShare: z.number().positive().max(1),
  /** One turn of a session in so many seconds. */
  turnPeriodSeconds: z.number().positive(),
  /** Players, each with one general, in a session. */
  sessionSize: z.int().positive(),
});
export type Player = z.infer<typeof playerSchema>;

/** A player who has the game open and looks every three seconds, and commands twice a minute; see docs/capacity.md. */
export const playerDefaults: Player = {
  readsPerMinute: 20,
  actionsPerMinute: 2,
  onlineShare: 1,
  turnPeriodSeconds: 60,
  sessionSize: 200,
};

export function requestsPerSecond(
  { readsPerMinute, actionsPerMinute, onlineShare }: Player,
  players: number,
): number {
  return (players * onlineShare * (readsPerMinute + actionsPerMinute)) / 60;
}

/** Share of commands among the requests. */
export function writeShareOf({ readsPerMinute, actionsPerMinute }: Player): number {
  const all = readsPerMinute + actionsPerMinute;
  return all === 0 ? 0 : actionsPerMinute / all;
}

/** Generals that are taken through a turn in each second. */
export function generalTurnsPerSecond({ turnPeriodSeconds }: Player, players: number): number {
  return players / turnPeriodSeconds;
}
