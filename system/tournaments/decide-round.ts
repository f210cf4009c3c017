/** Who wins a round: drawn from the tournament's seed, so that a round that is decided again is decided alike. Pure. */
import type { Reward, Tournament } from '../models/tournament.ts';
import { seededRandom } from '../random.ts';

/** The tournament after `round`. With an odd number of participants the last one passes without a fight and without a reward. */
export function decideRound(tournament: Tournament, round: number, nowMs: number): Tournament {
  const random = seededRandom(`${tournament.seed}/${tournament.tournament}/${round}`);
  const standing = tournament.participants.filter(({ lost_in }) => lost_in === null).map(({ no }) => no);
  const winners = new Set<number>();
  const losers = new Set<number>();
  for (let index = 0; index + 1 < standing.length; index += 2) {
    const pair = [standing[index] ?? 0, standing[index + 1] ?? 0] as const;
    const first = random.next() < 0.5;
    winners.add(first ? pair[0] : pair[1]);
    losers.add(first ? pair[1] : pair[0]);
  }
  const rewards = [...winners].map((no) => rewardOf(tournament, round, no));
  return {
    ...tournament,
    round,
    participants: tournament.participants.map((one) => ({
      ...one,
      wins: one.wins + (winners.has(one.no) ? 1 : 0),
      lost_in: losers.has(one.no) ? round : one.lost_in,
    })),
    rewards: [...tournament.rewards, ...rewards],
    status: standing.length - losers.size <= 1 ? 'completed' : 'running',
    next_round_at: new Date(nowMs + tournament.round_period_ms),
  };
}

/** The key names the reward in the general who was paid it, for ever. */
function rewardOf(tournament: Tournament, round: number, no: number): Reward {
  return {
    key: `${tournament.tournament}/${round}`,
    no,
    gold: tournament.reward_per_win,
    paid: false,
  };
}
