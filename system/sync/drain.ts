/**
 * The worker's round: take entries, apply them to MongoDB, tell Redis and whoever waits. An entry leaves the queue only after
 * MongoDB has acknowledged; until then this or another worker tries again, which is safe.
 */
import type { Redis } from 'ioredis';
import { syncKeys } from '../cache/keys.ts';
import type { Clock } from '../clock.ts';
import type { Collections } from '../database/collections.ts';
import { describeError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import { applyWrites } from './apply-writes.ts';
import type { SyncResults } from './confirmations.ts';
import { decodeEntry, type QueuedWrite } from './queue-entry.ts';
import { type Settlement, settle } from './settle.ts';
import type { StreamEntry, SyncQueue } from './sync-queue.ts';

interface DrainOptions {
  readonly client: Redis;
  readonly queue: SyncQueue;
  readonly collections: Collections;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly retryMs: number;
  readonly ttlMs: () => number;
}

interface Outcome extends Settlement {
  readonly savedBy: string;
  readonly entryId: string;
}

/** Applies and settles a batch; repeats each half until it succeeds. Ends early, leaving the rest to others, when `signal` is aborted. */
export async function drain(
  entries: readonly StreamEntry[],
  options: DrainOptions,
  signal: AbortSignal,
): Promise<number> {
  const { readable, damaged } = decode(entries);
  if (damaged.length > 0) {
    options.logger.error(
      { entries: damaged.map(({ entryId }) => entryId) },
      'entries that can not be read are set aside',
    );
    await untilDone(options, signal, 'set aside', () => options.queue.setAside(damaged, 'unreadable'));
  }
  if (readable.length === 0) return 0;
  const verdicts = await untilDone(options, signal, 'apply', () =>
    applyWrites(
      options.collections,
      readable.map(({ write }) => write),
    ),
  );
  if (verdicts === undefined) return 0;
  const outcomes = readable.map((entry, at): Outcome => ({ ...entry, verdict: verdicts[at] ?? 'failed' }));
  await untilDone(options, signal, 'settle', () => report(outcomes, options));
  return outcomes.length;
}

function decode(entries: readonly StreamEntry[]): {
  readable: readonly QueuedWrite[];
  damaged: readonly StreamEntry[];
} {
  const readable: QueuedWrite[] = [];
  const damaged: StreamEntry[] = [];
  for (const entry of entries) {
    const decoded = decodeEntry(entry.entryId, entry.fields);
    if (decoded === undefined) damaged.push(entry);
    else readable.push(decoded);
  }
  return { readable, damaged };
}

async function report(outcomes: readonly Outcome[], options: DrainOptions): Promise<void> {
  const refused = outcomes.filter(({ verdict }) => verdict === 'failed');
  for (const { entryId, write } of refused) {
    options.logger.error({ entryId, id: write.document._id }, 'MongoDB refuses the document of this save');
  }
  // The cache first: whoever hears of the outcome must not read the old value from it any more.
  await settle(options.client, outcomes, options.ttlMs);
  for (const [savedBy, results] of groupBySaver(outcomes)) {
    await options.client.publish(syncKeys.results(savedBy), JSON.stringify(results));
  }
}

function groupBySaver(outcomes: readonly Outcome[]): ReadonlyMap<string, SyncResults> {
  const groups = Map.groupBy(outcomes, ({ savedBy }) => savedBy);
  return new Map(
    [...groups].map(([savedBy, group]) => [
      savedBy,
      group.map(({ write, verdict }) => [write.document.write_id, verdict] as const),
    ]),
  );
}

/** Undefined when the signal came first. */
async function untilDone<T>(
  options: DrainOptions,
  signal: AbortSignal,
  step: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const level = attempt === 1 ? 'warn' : 'debug';
      options.logger[level]({ step, attempt, error: describeError(error) }, 'saves wait');
      await options.clock.sleep(options.retryMs, signal).catch(() => undefined);
    }
  }
  return undefined;
}
