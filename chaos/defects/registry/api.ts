/** Defects planted in the HTTP API. */
import type { Defect } from '../defect.ts';

export const apiDefects: readonly Defect[] = [
  {
    name: 'deadline-not-raced',
    title: 'The deadline is looked at between two steps, and a step that hangs is waited for',
    replaces: 'deadline.ts',
    scenario: 'reads',
    outage: 'mongo-hang',
    breaks: ['I16'],
    // A step that hangs for longer than any machine keeps a process waiting.
    variant: {
      durationMs: 6_000,
      window: { applyAtMs: 1_500, healAtMs: 5_000 },
      settings: { DATABASE_NETWORK_TIMEOUT_MS: '4000' },
    },
  },
  {
    name: 'errors-all-definite',
    title: 'Every failure says that nothing took effect, also one that may have',
    replaces: 'api/answer-errors.ts',
    scenario: 'writes',
    outage: 'mongo-slow',
    breaks: ['I10'],
    // MongoDB takes a write, and answers later than a request may last.
    variant: {
      durationMs: 6_000,
      window: { applyAtMs: 1_500, healAtMs: 4_000 },
      parameters: { latencyMs: 900, jitterMs: 50 },
    },
  },
  {
    name: 'idempotency-key-ignored',
    title: 'A request sent again under its key is a new request',
    replaces: 'api/routes/actions.ts',
    scenario: 'writes',
    outage: 'none',
    breaks: ['I10'],
  },
  {
    name: 'requests-without-deadline',
    title: 'Requests have no deadline, and wait for MongoDB as long as it takes',
    replaces: 'api/deadlines.ts',
    scenario: 'writes',
    outage: 'mongo-down',
    breaks: ['I16'],
    variant: { durationMs: 6_000, window: { applyAtMs: 1_500, healAtMs: 5_000 } },
  },
];
