/** Mutants of the cache layer. */
import type { Mutant } from '../../chaos/api/index.ts';

/** Long enough that a value of its beginning exceeds the bound on staleness, with time left to read it. */
const longRedisFault = { durationMs: 7_000, window: { applyAtMs: 1_500, healAtMs: 4_500 } };

/** A process that writes an entity drops the stale value that it keeps of it, so writes are few. */
const fewWrites = { durationMs: 7_000, ratePerSecond: 40 };

export const cacheMutants: readonly Mutant[] = [
  {
    name: 'absent-when-database-fails',
    title: 'A load that failed comes back as "there is no such entity"',
    edits: [
      {
        file: 'system/cache/cache.ts',
        find: 'return await loader();',
        replace: 'return await loader().catch(() => null);',
      },
    ],
    scenario: 'reads',
    fault: 'mongo-down',
    breaks: ['I14'],
  },
  {
    name: 'dates-as-text',
    title: 'Dates come out of Redis as text and are saved as text',
    edits: [
      {
        file: 'system/cache/codec.ts',
        find: 'decode: (text) => decodeWith(kind.databaseSchema, text, (value) => reviveDates(kind.dateFields, value)),',
        replace: 'decode: (text) => JSON.parse(text),',
      },
      {
        file: 'system/cache/codec.ts',
        find: 'decode: (text) => decodeWith(schema, text, revive),',
        replace: 'decode: (text) => JSON.parse(text),',
      },
    ],
    scenario: 'reads',
    fault: 'redis-slow',
    breaks: ['I14'],
  },
  {
    name: 'fills-collected',
    title: 'A loaded value is stored in the cache later, without a check that it is still current',
    edits: [
      {
        file: 'system/cache/fill.ts',
        find: "return (await client.set(leaseKey(key), token, 'PX', leaseMs, 'NX')) === 'OK';",
        replace: 'return true;',
      },
      {
        file: 'system/cache/fill.ts',
        find: 'return (await putScript.run(client, [key], [text, version, ttlMs, token])) === 1;',
        replace: `setTimeout(() => client.set(key, text, 'PX', ttlMs).catch(() => undefined), 400);
  return true;`,
      },
    ],
    scenario: 'turns',
    fault: 'none',
    breaks: ['I11'],
    variant: { ratePerSecond: 80 },
  },
  {
    name: 'finished-loads-kept',
    title: 'A load that has ended is joined by later readers',
    edits: [
      {
        file: 'system/cache/single-flight.ts',
        find: 'const result = load(flight).finally(() => {',
        replace: `const result = load(flight);
    result.catch(() => {`,
      },
    ],
    scenario: 'reads',
    fault: 'none',
    breaks: ['I15'],
    // A load that is kept has to be joined after the bound on staleness.
    variant: { ...fewWrites, durationMs: 12_000 },
  },
  {
    name: 'invalidation-errors-swallowed',
    title: 'A deletion that Redis did not take is dropped',
    edits: [
      {
        file: 'system/cache/cache.ts',
        find: 'return false;',
        replace: '',
      },
    ],
    scenario: 'reads',
    fault: 'redis-down',
    breaks: ['I15'],
    variant: longRedisFault,
  },
  {
    name: 'journal-drops-memory-only',
    title: 'Invalidations of other processes clear L1 and leave L2 as it is',
    edits: [
      {
        file: 'system/cache/journal-poller.ts',
        find: 'await this.#options.cache.forget(',
        replace: 'this.#options.cache.dropLocally(',
      },
    ],
    scenario: 'reads',
    fault: 'redis-down',
    breaks: ['I15'],
    variant: longRedisFault,
  },
  {
    name: 'key-without-session',
    title: 'Two sessions share the cache key of a general’s number',
    edits: [
      {
        file: 'system/cache/keys.ts',
        find: 'general:byNo:${sessionId}:${no}',
        replace: 'general:byNo:${no}',
      },
    ],
    scenario: 'turns',
    fault: 'none',
    breaks: ['I10'],
  },
  {
    name: 'memory-never-expires',
    title: 'Values in memory live a thousand times as long as they should',
    edits: [
      {
        file: 'system/cache/l1.ts',
        find: 'this.#ttlMs = options.ttlMs;',
        replace: 'this.#ttlMs = options.ttlMs * 1_000;',
      },
    ],
    scenario: 'reads',
    fault: 'none',
    breaks: ['I15'],
    variant: fewWrites,
  },
  {
    // An invalidation deletes the entries of other sessions and not its own: stale reads until the TTL of L2.
    name: 'names-as-patterns',
    title: 'The name of a session goes into a pattern of SCAN as it is',
    edits: [
      {
        file: 'system/cache/forget.ts',
        find: '  return text.replaceAll(/[\\\\*?[\\]]/g, String.raw`\\$&`);',
        replace: '  return text;',
      },
    ],
    scenario: 'turns',
    fault: 'turn-processor-killed',
    breaks: [],
    notJudged: 'no session of a scenario has a pattern character in its name',
  },
  {
    name: 'owed-deletions-forgotten',
    title: 'Deletions that Redis could not take are not remembered',
    edits: [
      {
        file: 'system/cache/cache.ts',
        find: 'return false;',
        replace: 'this.#owed.settle(debt);\n      return false;',
      },
    ],
    scenario: 'reads',
    fault: 'redis-down',
    breaks: ['I15'],
    variant: longRedisFault,
  },
  {
    name: 'reads-need-redis',
    title: 'Without Redis a read is an error, though MongoDB could answer it',
    edits: [
      {
        file: 'system/cache/cache.ts',
        find: "import { SystemError } from '../errors.ts';",
        replace: "import { RedisUnavailableError, SystemError } from '../errors.ts';",
      },
      {
        file: 'system/cache/cache.ts',
        find: 'if (!this.#l2.usable || this.#owed.has(key)) return',
        replace: `if (!this.#l2.usable) throw new RedisUnavailableError('the cache can not be read');
    if (this.#owed.has(key)) return`,
      },
    ],
    scenario: 'reads',
    fault: 'redis-down',
    breaks: ['I14'],
  },
  {
    // Reads are older than acknowledged saves until the TTL of L2, six minutes.
    name: 'restart-of-redis-not-noticed',
    title: 'The entries of a restarted Redis are trusted as if nothing had happened',
    edits: [
      {
        file: 'system/cache/restart-watch.ts',
        find: '    if (writtenUnder !== runId) {',
        replace: '    if (writtenUnder === undefined) {',
      },
    ],
    scenario: 'reads',
    fault: 'redis-restart-older',
    breaks: ['I15'],
  },
  {
    // For the moment until the entries are dropped reads are older than acknowledged saves, and such values get into
    // L1.
    name: 'snapshot-read-before-it-is-known',
    title: 'L2 is read as soon as the connection is back, before it is known which server it leads to',
    edits: [
      {
        file: 'system/cache/l2.ts',
        find: "this.#breaker.state === 'closed' && this.#trusted()",
        replace: "this.#breaker.state === 'closed'",
      },
    ],
    scenario: 'reads',
    fault: 'redis-restart-older',
    breaks: [],
    notJudged: 'the entries are dropped sooner than the bound of staleness ends',
  },
];
