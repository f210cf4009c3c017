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
    // Turns are far between, so that a processor is met at the beginning of one; it goes on as soon as another has taken the turn over, and still
    // waits for what it had sent. What it had read by then is refused by its version: that is of the few generals, and both are then at work
    // on the many cities at once.
    variant: {
      durationMs: 7_000,
      world: { sessions: 1, generals: 30, cities: 400 },
      settings: {
        TURN_PERIOD_MS: '2000',
        TURN_CHUNK_SIZE: '2',
        TURN_LOCK_TTL_SECONDS: '1',
        TURN_DEADLINE_MS: '20000',
        SYNC_CONFIRM_TIMEOUT_MS: '8000',
      },
      window: { applyAtMs: 800, healAtMs: 1_000 },
      parameters: { searchMs: 4_000 },
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
