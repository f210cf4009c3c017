/** Mutants of the write-behind. */
import type { Mutant } from '../../chaos/api/index.ts';

export const syncMutants: readonly Mutant[] = [
  {
    name: 'acknowledged-when-queued',
    title: 'A save counts as applied as soon as it is in the queue',
    edits: [
      {
        file: 'system/sync/confirmations.ts',
        find: 'return promise;',
        replace: "return Promise.resolve('applied');",
      },
    ],
    scenario: 'writes',
    fault: 'redis-slow',
    breaks: ['I10'],
  },
  {
    name: 'bulk-result-not-checked',
    title: 'What MongoDB did not refuse with an error is taken for applied, matched or not',
    edits: [
      {
        file: 'system/sync/apply-writes.ts',
        find: 'if (matched === group.length)',
        replace: 'if (matched >= 0)',
      },
    ],
    scenario: 'writes',
    fault: 'redis-slow',
    breaks: ['I10'],
  },
  {
    name: 'cache-not-refreshed',
    title: 'An applied save leaves the old value in the cache',
    edits: [
      {
        file: 'system/sync/settle.ts',
        find: 'keys: [syncKeys.stream, ...keys, ...write.lists],',
        replace: 'keys: [syncKeys.stream],',
      },
      {
        file: 'system/sync/settle.ts',
        find: 'keys.length,',
        replace: '0,',
      },
    ],
    scenario: 'reads',
    fault: 'none',
    breaks: ['I11', 'I15'],
    // A save holds the lease of its entries; it must expire before a reader can fill them.
    variant: { settings: { LEASE_MS: '200' } },
  },
  {
    // sync:dead grows for ever.
    name: 'dead-letters-without-end',
    title: 'Entries that are set aside are all kept',
    edits: [
      {
        file: 'system/sync/sync-queue.ts',
        find: `          'MAXLEN',
          this.#deadLettersMax,
`,
        replace: '',
      },
    ],
    scenario: 'writes',
    fault: 'none',
    breaks: [],
    notJudged: 'what grows without end is not judged',
  },
  {
    name: 'direct-save-forced',
    title: 'A direct save replaces the document without comparing versions',
    edits: [
      {
        file: 'system/sync/direct-write.ts',
        find: 'const applied = await applyWrites(collections, carriers, session);',
        replace: `for (const { write } of carriers) {
          const { documents } = collections.entities[write.type];
          await documents.replaceOne({ _id: write.document._id }, write.document as never, { session });
        }
        const applied = carriers.map((carrier) => ({ ...carrier, verdict: 'applied' as const }));`,
      },
    ],
    scenario: 'writes',
    fault: 'redis-down',
    breaks: ['I10'],
  },
  {
    name: 'direct-save-unannounced',
    title: 'A save past the queue invalidates nothing',
    edits: [
      {
        file: 'system/sync/direct-write.ts',
        find: 'await announce(collections.journal, random.uuid(), keys, session);',
        replace: '',
      },
    ],
    scenario: 'reads',
    fault: 'redis-down',
    breaks: ['I15'],
    variant: { durationMs: 7_000, window: { applyAtMs: 1_500, healAtMs: 4_500 } },
  },
  {
    name: 'last-writer-wins',
    title: 'A save replaces the document whatever its version',
    edits: [
      {
        file: 'system/sync/entity-write.ts',
        find: 'version: write.base.version,',
        replace: '',
      },
      {
        file: 'system/sync/entity-write.ts',
        find: 'write_id: write.base.writeId,',
        replace: '',
      },
    ],
    scenario: 'writes',
    fault: 'redis-slow',
    breaks: ['I10'],
  },
  {
    name: 'nothing-saved-without-redis',
    title: 'Without the queue a save is reported as done and stored nowhere',
    edits: [
      {
        file: 'system/sync/direct-write.ts',
        find: 'const applied = await applyWrites(collections, carriers, session);',
        replace: "const applied = carriers.map((carrier) => ({ ...carrier, verdict: 'applied' as const }));",
      },
    ],
    scenario: 'writes',
    fault: 'redis-down',
    breaks: ['I10'],
  },
  {
    name: 'refused-counts-as-applied',
    title: 'A document at the version of a write counts as written by it, whichever write it came from',
    edits: [
      {
        file: 'system/sync/verdict.ts',
        find: 'if (current.write_id === write.document.write_id)',
        replace: 'if (current.version >= write.document.version)',
      },
    ],
    scenario: 'writes',
    fault: 'redis-slow',
    breaks: ['I10'],
  },
  {
    name: 'save-errors-swallowed',
    title: 'A save that failed everywhere is reported as done',
    edits: [
      {
        file: 'system/sync/saver.ts',
        find: '} finally {',
        replace: `} catch {
      return carriers.map((carrier) => judged(carrier, 'applied'));
    } finally {`,
      },
    ],
    scenario: 'writes',
    fault: 'mongo-down',
    breaks: ['I10'],
    // Longer than the deadline of a request, so that no save can wait until it is over.
    variant: { window: { applyAtMs: 1_000, healAtMs: 3_800 } },
  },
  {
    name: 'unanswered-is-refused',
    title: 'A save without an answer in time is given up as refused, though the queue still has it',
    edits: [
      {
        file: 'system/sync/confirmations.ts',
        find: 'this.#waiting.get(writeId)?.(undefined);',
        replace: "this.#waiting.get(writeId)?.('fenced');",
      },
    ],
    scenario: 'writes',
    fault: 'mongo-slow',
    breaks: ['I10'],
    // MongoDB answers later than a save waits.
    variant: { settings: { SYNC_CONFIRM_TIMEOUT_MS: '60' }, parameters: { latencyMs: 80, jitterMs: 10 } },
  },
  {
    name: 'versions-compared-as-text',
    title: 'The cache takes version 9 for newer than version 10',
    edits: [
      {
        file: 'system/sync/settle.lua',
        find: 'stored < version',
        replace: 'tostring(stored) < ARGV[6]',
      },
    ],
    scenario: 'turns',
    fault: 'none',
    breaks: ['I11'],
    variant: { durationMs: 7_000, ratePerSecond: 60, world: { sessions: 1 } },
  },
];
