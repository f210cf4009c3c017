/** What the harness read directly, past the proxies, after healing and at rest: all that a checker may use besides the history. */
import { z } from 'zod';
import { faultRecordSchema, limitsSchema } from './report.ts';

const documentSchema = z.record(z.string(), z.unknown());

/** `value` is the parsed JSON of the key, or null when it is not JSON. `ttlMs` is −1 for a key that never expires. */
export const cacheEntrySchema = z.object({
  key: z.string(),
  type: z.string(),
  ttlMs: z.number(),
  value: z.unknown(),
});

/**
 * One value of one lock's key, as it was seen from outside: it was held at least from `firstSeenMs` to `lastSeenMs`. `ttlMs` is the time it
 * had left when it was seen first, −1 when it would never expire.
 */
export const lockHoldingSchema = z.object({
  key: z.string(),
  token: z.string(),
  ttlMs: z.number(),
  firstSeenMs: z.number(),
  lastSeenMs: z.number(),
});
export type LockHolding = z.infer<typeof lockHoldingSchema>;

/**
 * Writes under locks in the order in which the database took them, one for each change of the token of a lock. `gaps`: how often
 * the database was restarted and the order lost, so that some may be missing.
 */
export const fencedWritesSchema = z.object({
  writes: z.array(z.object({ atMs: z.number(), lock: z.string(), token: z.number(), document: z.string() })),
  gaps: z.number(),
});
export type FencedWrites = z.infer<typeof fencedWritesSchema>;

/**
 * One command on a lock's key as it crossed a proxy, in the order in which the replies came. `reply` is null also where none came; then `endedMs` is null.
 */
export const lockCommandSchema = z.object({
  process: z.string(),
  command: z.string(),
  arguments: z.array(z.string()),
  reply: z.unknown(),
  startedMs: z.number(),
  endedMs: z.number().nullable(),
});
export type LockCommand = z.infer<typeof lockCommandSchema>;

/**
 * How the client and each API process, named as their logs (`k6`, `api-1`), were scheduled between two moments. `waitedMs`: ready to run
 * without one, all threads together. `idleMs`: for how long at least no thread was running or ready to run; 0 also when it is not
 * known. Absent from `idleMs`, as from `waitedMs`, is who was not there.
 */
export const processorWaitSchema = z.object({
  fromMs: z.number(),
  toMs: z.number(),
  waitedMs: z.record(z.string(), z.number()),
  idleMs: z.record(z.string(), z.number()).default({}),
});
export type ProcessorWait = z.infer<typeof processorWaitSchema>;

export const evidenceSchema = z.object({
  scenario: z.string(),
  /** What stands for the timeline of faults, as in the report. */
  fault: z.string(),
  limits: limitsSchema,
  loadStartMs: z.number(),
  loadEndMs: z.number(),
  /** When the final reads were made; null when the target did not reach rest, with the reason beside it. */
  quiescedMs: z.number().nullable(),
  quiesceReason: z.string(),
  faults: z.array(faultRecordSchema),
  /** Documents of each collection of the target's database, dates as ISO strings. */
  database: z.record(z.string(), z.array(documentSchema)),
  /** What the world was seeded with, read before the load. Absent from runs that did not read it. */
  initial: z.record(z.string(), z.array(documentSchema)).optional(),
  /** Absent from runs that did not watch the locks. */
  locks: z.array(lockHoldingSchema).optional(),
  fencedWrites: fencedWritesSchema.optional(),
  /** Absent where the proxies record no commands. */
  lockCommands: z.array(lockCommandSchema).optional(),
  /** What the target's `watch` saw after the load, before anything helped it. */
  watched: z.record(z.string(), z.unknown()).optional(),
  /** What the target's `beforeFinalReads` returned. */
  lastReads: z.record(z.string(), z.unknown()).optional(),
  /** Absent from runs that did not measure it, and where the machine does not tell. */
  processorWaits: z.array(processorWaitSchema).optional(),
  cache: z.array(cacheEntrySchema),
  /** Keys that were in Redis once the target was seeded. Absent from runs that did not read them. */
  initialKeys: z.array(z.string()).optional(),
  /** Connections that each process had open to each store at the final reads. Absent where proxies do not count them. */
  connections: z.array(z.object({ instance: z.string(), store: z.string(), open: z.number() })).optional(),
  /** Processes of the target that ended without having been told to, in words that begin with the name of the process. */
  unexpectedExits: z.array(z.string()).optional(),
  /** Work that was still queued at the final reads; null when it could not be read, absent where the target has no queue. */
  queueLength: z.number().nullable().optional(),
  /** The largest delay with which this machine woke a waiting process while the load ran; milliseconds. */
  schedulingDelayMs: z.number().optional(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** The same as it is stored; what was recorded under the older name `outage` is read as `fault`. */
export const storedEvidenceSchema = z.preprocess((value) => {
  if (typeof value !== 'object' || value === null || !('outage' in value)) return value;
  const { outage, ...rest } = value;
  return { fault: outage, ...rest };
}, evidenceSchema);
