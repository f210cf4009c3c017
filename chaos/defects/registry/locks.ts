/** Defects planted in the locks and in what must hold without them. */
import type { Defect } from '../defect.ts';

export const lockDefects: readonly Defect[] = [
  {
    name: 'fence-not-compared',
    title: 'Writes under a lock carry their fencing token, and nobody compares it',
    replaces: 'sync/entity-write.ts',
    scenario: 'turns',
    outage: 'turn-processor-paused',
    breaks: ['I12'],
    // The paused processor goes on as soon as another has taken its turn over, and turns are long: both are at work at once.
    variant: {
      durationMs: 6_000,
      world: { sessions: 1, generals: 400, cities: 10 },
      settings: {
        TURN_PERIOD_MS: '100',
        TURN_CHUNK_SIZE: '10',
        TURN_LOCK_TTL_SECONDS: '1',
        TURN_DEADLINE_MS: '20000',
      },
      window: { applyAtMs: 800, healAtMs: 1_000 },
      parameters: { searchMs: 3_000 },
    },
  },
  {
    name: 'lock-never-expires',
    title: 'A lock whose holder does not give it back is held for ever',
    replaces: 'lock/acquire.ts',
    scenario: 'locks',
    outage: 'none',
    breaks: ['I13'],
  },
  {
    name: 'lock-ttl-in-milliseconds',
    title: 'A lock lives a thousand times as long as it should',
    replaces: 'lock/policy.ts',
    scenario: 'locks',
    outage: 'none',
    breaks: ['I13'],
  },
];
