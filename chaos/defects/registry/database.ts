/** Defects planted in the access to MongoDB. */
import type { Defect } from '../defect.ts';

export const databaseDefects: readonly Defect[] = [
  {
    name: 'lost-commit-is-failure',
    title: 'A commit whose answer was lost is reported as one that did not happen',
    replaces: 'database/transaction.ts',
    scenario: 'writes',
    outage: 'mongo-commit-reply-lost',
    breaks: ['I10'],
    // Saves go past the queue, and a commit is lost only when the driver’s own second attempt is lost as well.
    variant: {
      durationMs: 6_000,
      ratePerSecond: 100,
      settings: { SYNC_CONFIRM_TIMEOUT_MS: '1' },
      window: { applyAtMs: 1_000, healAtMs: 4_500 },
      parameters: { share: 0.5, nth: 1, ending: 'close' },
    },
  },
  {
    name: 'writes-not-on-disk',
    title: 'A write counts as soon as the primary has it in memory',
    replaces: 'database/durability.ts',
    scenario: 'writes',
    outage: 'mongo-restart',
    breaks: ['I10'],
  },
];
