/** Mistakes in the layers of the cache, their keys and their invalidation. */
import type { Mutant } from '../../../chaos/api/index.ts';

export const cacheMutants: readonly Mutant[] = [
  {
    // With MongoDB down, reads and actions of what is not cached get a definite 404 instead of 503, and lists are
    // empty.
    name: 'failed-load-looks-absent',
    title: 'A load that fails is answered as if there was no such entity',
    edits: [
      {
        file: 'system/cache/cache.ts',
        find: "throw new SystemError('database_unavailable', `${key} could not be loaded`, { cause });",
        replace: 'return null;',
      },
    ],
    scenario: 'reads',
    fault: 'mongo-down',
    breaks: ['I14'],
  },
  {
    // A key that was read while MongoDB was down is answered 503 by that process long after MongoDB has returned,
    // until the key is invalidated.
    name: 'failed-load-stays-in-flight',
    title: 'A load that failed is joined by all later readers of its key',
    edits: [
      {
        file: 'system/cache/single-flight.ts',
        find: `    const result = load(flight).finally(() => {
      if (this.#running.get(key)?.flight === flight) this.#running.delete(key);
    });`,
        replace: `    const result = load(flight).then((value) => {
      if (this.#running.get(key)?.flight === flight) this.#running.delete(key);
      return value;
    });`,
      },
    ],
    scenario: 'reads',
    fault: 'mongo-down',
    breaks: ['I14'],
    // Reads are judged again three seconds after the heal.
    variant: { durationMs: 9_000, window: { applyAtMs: 1_000, healAtMs: 2_500 } },
  },
  {
    // After the fall of a large nation, or a journal with many rows after an outage of Redis, the other keys stay in
    // Redis and are read stale for up to L2_TTL_SECONDS.
    name: 'first-keys-forgotten-again',
    title: 'An invalidation of more than 500 keys deletes the first 500 again and again',
    edits: [
      {
        file: 'system/cache/forget.ts',
        find: 'keys.slice(from, from + keysAtOnce)',
        replace: 'keys.slice(0, keysAtOnce)',
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: [],
    notJudged: 'no scenario invalidates more than 500 keys at once',
  },
  {
    // Rows of transactions that overlap are missed; what was saved directly while Redis was away is then served stale
    // when Redis returns.
    name: 'journal-read-without-overlap',
    title: 'A reader of the journal never looks back for rows that became visible late',
    edits: [
      {
        file: 'system/cache/journal.ts',
        find: 'const fromMs = this.#newestMs - journalOverlapMs;',
        replace: 'const fromMs = this.#newestMs;',
      },
    ],
    scenario: 'reads',
    fault: 'redis-down',
    breaks: [],
    notJudged:
      'the process that saved deletes the entries as well, so only its death at that moment shows it',
  },
  {
    // With Redis or MongoDB slow, a value is served longer than L1_TTL_SECONDS after it was read, by as much as the
    // load took.
    name: 'l1-age-counts-from-load-end',
    title: 'The age of a value in memory counts from the end of its load',
    edits: [
      {
        file: 'system/cache/l1.ts',
        find: 'const expiresAtMs = loadedAtMs + this.#ttlMs;',
        replace: 'const expiresAtMs = this.#clock.monotonicMs() + this.#ttlMs;',
      },
    ],
    scenario: 'reads',
    fault: 'mongo-slow',
    breaks: [],
    notJudged: 'I15 allows more time for an invalidation than a load takes',
  },
  {
    // A process serves what another process saved through the queue minutes too late; no fault is needed.
    name: 'l1-keeps-values-for-ttl-of-l2',
    title: 'Values in memory live as long as values in Redis',
    edits: [
      {
        file: 'system/system.ts',
        find: 'ttlMs: config.L1_TTL_SECONDS * 1000',
        replace: 'ttlMs: config.L2_TTL_SECONDS * 1000',
      },
    ],
    scenario: 'reads',
    fault: 'none',
    breaks: ['I15'],
    // A process that writes an entity drops the stale value that it keeps of it, so writes are few.
    variant: { durationMs: 7_000, ratePerSecond: 40 },
  },
  {
    // Values leave Redis within 0.36 s: nearly every read asks MongoDB, and reads fail soon after MongoDB goes down.
    name: 'l2-ttl-taken-for-milliseconds',
    title: 'The TTL of values in Redis is a thousandth of what is configured',
    edits: [
      {
        file: 'system/cache/l2.ts',
        find: 'Math.round(ttlSeconds * 1000 * (1 - this.#random.next() / 10))',
        replace: 'Math.round(ttlSeconds * (1 - this.#random.next() / 10))',
      },
    ],
    scenario: 'reads',
    fault: 'none',
    breaks: ['I18'],
  },
  {
    // Every general that has acted is a damaged value in Redis, and its queued saves go to the dead letters; each
    // save waits for its time limit and is written directly.
    name: 'last-action-date-stays-text',
    title: 'The time of the last action is not turned back into a date when it is read from Redis',
    edits: [
      {
        file: 'system/models/general.ts',
        find: "dateFields: ['updated_at', 'last_action_at'],",
        replace: "dateFields: ['updated_at'],",
      },
    ],
    scenario: 'writes',
    fault: 'none',
    breaks: ['I18'],
  },
  {
    // GET …/nations shows old gold, counts and states for up to L2_TTL_SECONDS, while GET …/nations/:nation is right.
    name: 'nation-list-not-invalidated',
    title: 'A changed nation does not invalidate the list of nations',
    edits: [
      {
        file: 'system/models/nation.ts',
        find: 'listKeys: (nation) => [cacheKeys.nations(nation.session_id)],',
        replace: 'listKeys: () => [],',
      },
    ],
    scenario: 'occupations',
    fault: 'none',
    breaks: ['I11'],
  },
  {
    // GET …/nations is answered with cities when the cities were read less than L1_TTL_SECONDS ago, and the other way
    // round; damaged values are counted.
    name: 'nation-list-under-key-of-city-list',
    title: 'The list of nations is cached under the key of the list of cities',
    edits: [
      {
        file: 'system/cache/keys.ts',
        find: 'nations: (sessionId: string) => `nations:list:${sessionId}`,',
        replace: 'nations: (sessionId: string) => `cities:list:${sessionId}`,',
      },
    ],
    scenario: 'reads',
    fault: 'none',
    breaks: ['I20'],
  },
  {
    // After a turn was taken over from a killed or paused processor, generals by number are cached with an older
    // version than the database has.
    name: 'take-over-leaves-generals-by-number',
    title: 'Invalidating all generals of a session forgets their keys by number',
    edits: [
      {
        file: 'system/cache/invalidate.ts',
        find: 'return [{ prefix: `general:byId:${sessionId}:` }, allNumbers];',
        replace: 'return [{ prefix: `general:byId:${sessionId}:` }];',
      },
    ],
    scenario: 'turns',
    fault: 'turn-processor-killed',
    breaks: ['I11'],
    // The turn that is taken over is the last one, so that no later save brings the cache up to date.
    variant: {
      world: { generals: 200 },
      settings: { TURN_PERIOD_MS: '2500', TURN_CHUNK_SIZE: '10' },
      window: { applyAtMs: 2_000, healAtMs: 4_500 },
    },
  },
];
