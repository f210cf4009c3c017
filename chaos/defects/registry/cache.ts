/** Defects planted in the cache layer. */
import type { Defect } from '../defect.ts';

/** Long enough that what was written at its beginning is too stale at its end, with time left to read it. */
const longRedisOutage = { durationMs: 7_000, window: { applyAtMs: 1_500, healAtMs: 4_500 } };

/** A process that writes an entity itself forgets what it had of it, and hides what it would have served otherwise. */
const fewWrites = { durationMs: 7_000, ratePerSecond: 40 };

export const cacheDefects: readonly Defect[] = [
  {
    name: 'absent-when-database-fails',
    title: 'A load that failed comes back as "there is no such entity"',
    replaces: 'cache/cache.ts',
    scenario: 'reads',
    outage: 'mongo-down',
    breaks: ['I14'],
  },
  {
    name: 'dates-as-text',
    title: 'Dates come out of Redis as text and are saved as text',
    replaces: 'cache/codec.ts',
    scenario: 'reads',
    outage: 'redis-slow',
    breaks: ['I14'],
  },
  {
    name: 'fills-collected',
    title: 'What was loaded is stored in the cache a little later, whatever has been changed since',
    replaces: 'cache/fill.ts',
    scenario: 'turns',
    outage: 'none',
    breaks: ['I11'],
    variant: { ratePerSecond: 80 },
  },
  {
    name: 'finished-loads-kept',
    title: 'A load that has ended is joined by whoever misses later',
    replaces: 'cache/single-flight.ts',
    scenario: 'reads',
    outage: 'none',
    breaks: ['I15'],
    // What is kept has to be missed for longer than the bound on staleness.
    variant: { ...fewWrites, durationMs: 12_000 },
  },
  {
    name: 'invalidation-errors-swallowed',
    title: 'A deletion that Redis did not take is dropped',
    replaces: 'cache/cache.ts',
    scenario: 'reads',
    outage: 'redis-down',
    breaks: ['I15'],
    variant: longRedisOutage,
  },
  {
    name: 'journal-drops-memory-only',
    title: 'Invalidations of other processes clear L1 and leave L2 as it is',
    replaces: 'cache/journal-poller.ts',
    scenario: 'reads',
    outage: 'redis-down',
    breaks: ['I15'],
    variant: longRedisOutage,
  },
  {
    name: 'key-without-session',
    title: 'Two sessions share the cache key of a general’s number',
    replaces: 'cache/keys.ts',
    scenario: 'turns',
    outage: 'none',
    breaks: ['I10'],
  },
  {
    name: 'memory-never-expires',
    title: 'Values in memory live a thousand times as long as they should',
    replaces: 'cache/l1.ts',
    scenario: 'reads',
    outage: 'none',
    breaks: ['I15'],
    variant: fewWrites,
  },
  {
    name: 'owed-deletions-forgotten',
    title: 'What should be gone from Redis when it comes back is not remembered',
    replaces: 'cache/owed-deletions.ts',
    scenario: 'reads',
    outage: 'redis-down',
    breaks: ['I15'],
    variant: longRedisOutage,
  },
  {
    name: 'reads-need-redis',
    title: 'Without Redis a read is an error, though MongoDB could answer it',
    replaces: 'cache/l2.ts',
    scenario: 'reads',
    outage: 'redis-down',
    breaks: ['I14'],
  },
];
