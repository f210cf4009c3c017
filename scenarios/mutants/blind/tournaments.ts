/** Mistakes in tournaments and the payment of rewards. */
import type { Mutant } from '../../../chaos/api/index.ts';

export const tournamentMutants: readonly Mutant[] = [
  {
    // When the payment after the last round fails (MongoDB or Redis away, the processor killed), its rewards are
    // never paid.
    name: 'owed-rewards-not-looked-for',
    title: 'The tournament-processor does not look for tournaments that owe rewards',
    edits: [
      {
        file: 'system/daemons/tournament-processor/main.ts',
        find: `        { 'rewards.paid': false },
`,
        replace: '',
      },
    ],
    scenario: 'tournaments',
    fault: 'mongo-down',
    breaks: [],
    notJudged:
      'rewards that were not paid are paid with the next round, so only a failure in the last one shows it',
  },
  {
    // When two processes pay at once, or one repeats a payment, the pool loses gold that no general received, and may
    // become negative.
    name: 'pool-charged-by-each-payer',
    title: 'A reward that is marked as paid already is marked, and charged to the pool, again',
    edits: [
      {
        file: 'system/tournaments/pay-rewards.ts',
        find: 'rewards: { $elemMatch: { key: reward.key, no: reward.no, paid: false } }',
        replace: 'rewards: { $elemMatch: { key: reward.key, no: reward.no } }',
      },
    ],
    scenario: 'tournaments',
    fault: 'mongo-slow',
    breaks: ['I9'],
    // A process that is slow to pay loses its lock, and another pays the same rewards; not so many that the pool is empty before the end.
    variant: { settings: { TOURNAMENT_LOCK_TTL_SECONDS: '1' } },
  },
  {
    // The tournament stays running and its round number grows in every period, without fights or rewards.
    name: 'tournament-goes-on-with-one-left',
    title: 'A tournament with one participant left is not over',
    edits: [
      {
        file: 'system/tournaments/decide-round.ts',
        find: 'standing.length - losers.size <= 1',
        replace: 'standing.length - losers.size < 1',
      },
    ],
    scenario: 'tournaments',
    fault: 'none',
    breaks: ['I9'],
  },
];
