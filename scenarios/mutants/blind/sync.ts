/** Mistakes in the way of saves: the queue, its worker, the direct write and what counts as applied. */
import type { Mutant } from '../../../chaos/api/index.ts';

export const syncMutants: readonly Mutant[] = [
  {
    // With db-sync killed or paused, every save waits for SYNC_CONFIRM_TIMEOUT_MS before it is written directly.
    name: 'absent-worker-waited-for',
    title: 'Saves that db-sync does not confirm do not open the circuit breaker of db-sync',
    edits: [
      {
        file: 'system/sync/saver.ts',
        find: "confirmations > 0 ? Promise.resolve() : Promise.reject(new Error('no save was confirmed in time')),",
        replace:
          "confirmations >= 0 ? Promise.resolve() : Promise.reject(new Error('no save was confirmed in time')),",
      },
    ],
    scenario: 'writes',
    fault: 'db-sync-paused',
    breaks: [],
    notJudged: 'the time that a save takes is not judged',
  },
  {
    // Saves that lost to another process are acknowledged and missing in the database, and their value is put into
    // the cache.
    name: 'batch-applied-when-any-matched',
    title: 'When one save of a batch was applied, all of them count as applied',
    edits: [
      {
        file: 'system/sync/apply-writes.ts',
        find: 'if (matched === group.length)',
        replace: 'if (matched > 0)',
      },
    ],
    scenario: 'writes',
    fault: 'redis-slow',
    breaks: ['I10'],
  },
  {
    // After an outage of Redis in which it kept its data, lists are served as they were before the outage, for up to
    // L2_TTL_SECONDS.
    name: 'direct-save-leaves-lists',
    title: 'A save past the queue does not invalidate the lists that hold the entity',
    edits: [
      {
        file: 'system/sync/direct-write.ts',
        find: '[...entityKeysOf(write), ...write.lists]',
        replace: '[...entityKeysOf(write)]',
      },
    ],
    scenario: 'writes',
    fault: 'redis-down',
    breaks: [],
    notJudged: 'a later save through the queue invalidates the lists again',
  },
  {
    // The queue only grows, its oldest age too; entries are applied again and again, and from SYNC_QUEUE_MAX_LENGTH
    // on all saves go past it.
    name: 'entry-stays-after-settlement',
    title: 'A settled save is not removed from the queue',
    edits: [{ file: 'system/sync/settle.ts', find: "entryId ?? '',", replace: "''," }],
    scenario: 'writes',
    fault: 'none',
    breaks: ['I17'],
  },
  {
    // With MongoDB slow and Redis failing, a process reads the row, loads the old value again before the commit and
    // serves it for up to L2_TTL_SECONDS.
    name: 'journal-row-outside-transaction',
    title: 'The journal row of a direct save is visible before the save is',
    edits: [
      {
        file: 'system/sync/direct-write.ts',
        find: 'await announce(collections.journal, random.uuid(), keys, session);',
        replace: 'await announce(collections.journal, random.uuid(), keys);',
      },
    ],
    scenario: 'reads',
    fault: 'redis-down',
    breaks: [],
    notJudged:
      'the process that saved deletes the entries as well, so only its death at that moment shows it',
  },
  {
    // After any outage of Redis all saves of the process go past the queue, each in a transaction of its own, until
    // it is restarted.
    name: 'outcomes-subscribed-once',
    title: 'After a reconnection to Redis the process no longer subscribes to the outcomes of its saves',
    edits: [
      {
        file: 'system/sync/confirmations.ts',
        find: "client.on('ready', () => void this.#subscribe());",
        replace: "client.once('ready', () => void this.#subscribe());",
      },
    ],
    scenario: 'writes',
    fault: 'redis-down',
    breaks: [],
    notJudged: 'which way saves go is not judged',
  },
  {
    // A save that lost to another process, which then saved again, is acknowledged and missing in the database.
    name: 'overtaken-save-taken-for-applied',
    title: 'A save counts as applied when the document has moved on beyond its version',
    edits: [
      {
        file: 'system/sync/verdict.ts',
        find: "if (current.version > write.document.version) return 'overtaken';",
        replace: "if (current.version > write.document.version) return 'applied';",
      },
    ],
    scenario: 'writes',
    fault: 'redis-slow',
    breaks: ['I10'],
  },
  {
    // With MongoDB down and Redis up, clients get a definite 503 and db-sync applies the save when MongoDB is back.
    name: 'queued-save-denied',
    title: 'A save that may still be in the queue is reported as not taken when the direct write fails',
    edits: [
      {
        file: 'system/sync/saver.ts',
        find: 'if (queued.mayBeQueued || committed) {',
        replace: 'if (committed) {',
      },
    ],
    scenario: 'writes',
    fault: 'mongo-down',
    breaks: ['I10'],
    // The direct write fails before the deadline of the request. Few writes, and a db-sync that is quick to look again, so that no later
    // write overtakes those in the queue.
    variant: {
      ratePerSecond: 12,
      settings: {
        DATABASE_SELECTION_TIMEOUT_MS: '300',
        SYNC_CONFIRM_TIMEOUT_MS: '200',
        SYNC_CLAIM_IDLE_MS: '100',
      },
      window: { applyAtMs: 1_000, healAtMs: 3_500 },
    },
  },
  {
    // With Redis full or read-only, or the queue full, actions are tried again until 503 contention and turns do not
    // end, although MongoDB is well.
    name: 'redis-refusal-taken-for-conflict',
    title: 'A save that Redis can not queue counts as a conflict',
    edits: [
      {
        file: 'system/sync/saver.ts',
        find: "if (answer?.kind === 'conflict') settled.push",
        replace: 'if (answer !== undefined) settled.push',
      },
    ],
    scenario: 'writes',
    fault: 'redis-full',
    breaks: ['redcliff_unavailable'],
    variant: { window: { applyAtMs: 1_000, healAtMs: 4_200 } },
  },
  {
    // Of two saves made from the same version both are acknowledged, and one is missing in the database.
    name: 'same-version-taken-for-own-save',
    title: 'A save recognises itself by its version instead of its write id',
    edits: [
      {
        file: 'system/sync/verdict.ts',
        find: "if (current.write_id === write.document.write_id) return 'applied';",
        replace: "if (current.version === write.document.version) return 'applied';",
      },
    ],
    scenario: 'writes',
    fault: 'redis-slow',
    breaks: ['I10'],
  },
  {
    // updated_at of entities stays at the making of the world while versions go up.
    name: 'saved-document-keeps-its-time',
    title: 'A save does not set the time of the update',
    edits: [
      {
        file: 'system/sync/entity-write.ts',
        find: 'updated_at: new Date(stamp.nowMs),',
        replace: 'updated_at: before.updated_at,',
      },
    ],
    scenario: 'writes',
    fault: 'none',
    breaks: ['I10'],
  },
  {
    // After an outage of MongoDB the health route and opensam_saves_unconfirmed go on showing waiting saves where
    // there are none.
    name: 'unconfirmed-count-leaks',
    title: 'Saves that fail stay counted as waiting for the database',
    edits: [
      {
        file: 'system/sync/saver.ts',
        find: `    try {
      const queued = await this.#throughQueue(carriers, options);
      if (queued.open.length === 0) return queued.settled;
      return [...queued.settled, ...(await this.#pastQueue(queued, options.deadline))];
    } finally {
      this.#count(-carriers.length);
    }`,
        replace: `    const queued = await this.#throughQueue(carriers, options);
    const past = queued.open.length === 0 ? [] : await this.#pastQueue(queued, options.deadline);
    this.#count(-carriers.length);
    return [...queued.settled, ...past];`,
      },
    ],
    scenario: 'writes',
    fault: 'mongo-down',
    breaks: ['I18'],
  },
];
