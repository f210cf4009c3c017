/** Defects planted in the tournaments. */
import type { Defect } from '../defect.ts';

export const tournamentDefects: readonly Defect[] = [
  {
    name: 'reward-key-without-round',
    title: 'Who wins two rounds is taken to have been paid for the second with the first',
    replaces: 'tournaments/decide-round.ts',
    scenario: 'tournaments',
    outage: 'none',
    breaks: ['I9'],
  },
  {
    name: 'reward-marked-first',
    title: 'A reward is marked as paid before it is paid',
    replaces: 'tournaments/pay-rewards.ts',
    scenario: 'tournaments',
    outage: 'mongo-slow',
    breaks: ['I9'],
    // Rounds are played by clients alone, whose time is up before they have paid everybody.
    variant: {
      processes: { tournamentProcessor: 0 },
      window: { applyAtMs: 500, healAtMs: 4_500 },
      parameters: { latencyMs: 100, jitterMs: 20 },
    },
  },
  {
    name: 'reward-paid-unasked',
    title: 'Whether a general has his reward already is not asked of him',
    replaces: 'tournaments/pay-rewards.ts',
    scenario: 'tournaments',
    outage: 'mongo-slow',
    breaks: ['I9'],
    // Who is slow to pay loses his lock, and another pays as well.
    variant: { processes: { tournamentProcessor: 3 }, settings: { TOURNAMENT_LOCK_TTL_SECONDS: '1' } },
  },
];
