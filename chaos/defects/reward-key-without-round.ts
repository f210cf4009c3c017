/**
 * Stands in for `system/tournaments/decide-round.ts`: the key of a reward names the tournament and not the round, so who wins twice has
 * been paid already.
 */
import * as right from '../../system/tournaments/decide-round.ts';
import type { Tournament } from '../../system/models/tournament.ts';

export function decideRound(tournament: Tournament, round: number, nowMs: number): Tournament {
  const decided = right.decideRound(tournament, round, nowMs);
  return {
    ...decided,
    rewards: decided.rewards.map((reward) => ({ ...reward, key: tournament.tournament })),
  };
}
