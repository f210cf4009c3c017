import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.ts';
import { drawTournaments } from '../world/draw-contests.ts';
import { decideRound } from './decide-round.ts';

const plan = {
  sessionId: 's',
  seed: 's',
  cities: 1,
  nations: 1,
  turnPeriodMs: 1_000,
  nowMs: 0,
  tournaments: 1,
};

function playedThrough(generals: number) {
  const [drawn] = drawTournaments({ ...plan, generals }, seededRandom('t'));
  if (drawn === undefined) throw new Error('one was asked for');
  let tournament = drawn;
  for (let round = 1; tournament.status === 'running'; round += 1) {
    tournament = decideRound(tournament, round, 0);
  }
  return tournament;
}

describe('decideRound', () => {
  it('decides alike whenever it is asked', () => {
    expect(playedThrough(16)).toEqual(playedThrough(16));
  });

  it.each([2, 3, 7, 16])('leaves one of %d, and rewards every fight once, as the pool allows', (generals) => {
    const tournament = playedThrough(generals);
    expect(tournament.participants.filter(({ lost_in }) => lost_in === null)).toHaveLength(1);
    expect(tournament.rewards.reduce((sum, { gold }) => sum + gold, 0)).toBe(tournament.pool);
    const keys = tournament.rewards.map(({ key, no }) => `${key} ${no}`);
    expect(new Set(keys).size).toBe(generals - 1);
  });
});
