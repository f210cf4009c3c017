/** Mutants of the tournaments. */
import type { Mutant } from '../../chaos/api/index.ts';

export const tournamentMutants: readonly Mutant[] = [
  {
    name: 'reward-key-without-round',
    title: 'All rewards of a general in one tournament have the same key',
    edits: [
      {
        file: 'system/tournaments/decide-round.ts',
        find: 'key: `${tournament.tournament}/${round}`,',
        replace: 'key: tournament.tournament,',
      },
    ],
    scenario: 'tournaments',
    fault: 'none',
    breaks: ['I9'],
  },
  {
    name: 'reward-marked-first',
    title: 'A reward is marked as paid before it is paid',
    edits: [
      {
        file: 'system/tournaments/pay-rewards.ts',
        find: 'const has = await pay(parts, tournament, reward, deadline);',
        replace: 'const marked = await markPaid(parts, tournament._id, reward);',
      },
      {
        file: 'system/tournaments/pay-rewards.ts',
        find: 'if (has && (await markPaid(parts, tournament._id, reward))) paid += 1;',
        replace: 'if (marked && (await pay(parts, tournament, reward, deadline))) paid += 1;',
      },
    ],
    scenario: 'tournaments',
    fault: 'mongo-slow',
    breaks: ['I9'],
    // Only clients play rounds, and their requests end before all rewards are paid.
    variant: {
      processes: { 'tournament-processor': 0 },
      window: { applyAtMs: 500, healAtMs: 4_500 },
      parameters: { latencyMs: 100, jitterMs: 20 },
    },
  },
  {
    name: 'reward-paid-unasked',
    title: 'A reward is paid without a check that it was paid before',
    edits: [
      {
        file: 'system/tournaments/pay-rewards.ts',
        find: 'if (isPaid(before, reward)) return true;',
        replace: '',
      },
    ],
    scenario: 'tournaments',
    fault: 'mongo-slow',
    breaks: ['I9'],
    // A process that is slow to pay loses its lock, and another pays the same rewards.
    variant: { processes: { 'tournament-processor': 3 }, settings: { TOURNAMENT_LOCK_TTL_SECONDS: '1' } },
  },
  {
    // A tournament stands still for an hour, or its rounds follow each other at once.
    name: 'rounds-by-the-clock-of-the-process',
    title: 'The next round of a tournament is due by the clock of the process that decided the last one',
    edits: [
      {
        file: 'system/tournaments/play-round.ts',
        find: 'await parts.serverTimeMs()',
        replace: 'parts.clock.nowMs()',
      },
    ],
    scenario: 'tournaments',
    fault: 'clock-jump',
    breaks: [],
    notJudged: 'when a round is played is not judged',
  },
];
