/**
 * The worker's round: take entries, apply them to MongoDB, tell Redis and the waiting processes. An entry leaves the queue only after
 * MongoDB has acknowledged; until then this or another worker tries again, which is safe.
 */
import type { Redis } from 'ioredis';
import { syncKeys } from '../cache/keys.ts';
import type { Clock } from '../clock.ts';
import type { Collections } from '../database/collections.ts';
import { isOutage } from '../database/outage.ts';
import { describeError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import { applyWrites } from './apply-writes.ts';
import type { SyncResults } from './confirmations.ts';
import { decodeEntry, type QueuedWrite } from './queue-entry.ts';
import { settle } from './settle.ts';
import type { StreamEntry, SyncQueue } from './sync-queue.ts';
import { judged, type Judged, type Verdict } from './verdict.ts';

interface DrainOptions {
  readonly client: Redis;
  readonly queue: SyncQueue;
  readonly collections: Collections;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly retryMs: number;
  readonly ttlMs: () => number;
}

/** Applies and settles a batch; repeats each half until it succeeds. Ends early, leaving the rest to others, when `signal` is aborted. */
export async function drain(
  entries: readonly StreamEntry[],
  options: DrainOptions,
  signal: AbortSignal,
): Promise<number> {
  const { readable, damaged, authors } = decode(entries);
  if (damaged.length > 0) {
    options.logger.error(
      { entries: damaged.map(({ entryId }) => entryId) },
      'entries that can not be read are set aside',
    );
    await untilDone(options, signal, 'set aside', async () => {
      await options.queue.setAside(damaged, 'unreadable');
      await publish(
        options,
        authors.map(({ savedBy, writeId }) => ({ savedBy, writeId, verdict: 'failed' })),
      );
    });
  }
  if (readable.length === 0) return 0;
  const outcomes = await untilDone(options, signal, 'apply', () => applyIsolated(readable, options));
  if (outcomes === undefined) return 0;
  await untilDone(options, signal, 'settle', () => report(outcomes, options));
  return outcomes.length;
}

/** A write that MongoDB or its driver cannot take at all, e.g. one that is too large, must not hold up the others for ever. */
async function applyIsolated(
  entries: readonly QueuedWrite[],
  options: DrainOptions,
): Promise<readonly Judged<QueuedWrite>[]> {
  try {
    return await applyWrites(options.collections, entries);
  } catch (error) {
    if (isOutage(error)) throw error;
    options.logger.error({ error: describeError(error) }, 'a batch of saves is applied one by one');
  }
  const outcomes: Judged<QueuedWrite>[] = [];
  for (const entry of entries) {
    try {
      outcomes.push(...(await applyWrites(options.collections, [entry])));
    } catch (error) {
      if (isOutage(error)) throw error;
      options.logger.error(
        { entryId: entry.entryId, id: entry.write.document._id, error: describeError(error) },
        'this save can not be applied',
      );
      outcomes.push(judged(entry, 'failed'));
    }
  }
  return outcomes;
}

function decode(entries: readonly StreamEntry[]): {
  readable: readonly QueuedWrite[];
  damaged: readonly StreamEntry[];
  /** Of the damaged ones, as far as they tell: they write past the queue what the queue cannot take. */
  authors: readonly { readonly savedBy: string; readonly writeId: string }[];
} {
  const decoded = entries.map((entry) => ({ entry, result: decodeEntry(entry.entryId, entry.fields) }));
  const unreadable = decoded.flatMap(({ entry, result }) =>
    result.kind === 'unreadable' ? [{ entry, author: result.author }] : [],
  );
  return {
    readable: decoded.flatMap(({ result }) => (result.kind === 'write' ? [result.queued] : [])),
    damaged: unreadable.map(({ entry }) => entry),
    authors: unreadable.flatMap(({ author }) => (author === undefined ? [] : [author])),
  };
}

async function report(outcomes: readonly Judged<QueuedWrite>[], options: DrainOptions): Promise<void> {
  const refused = outcomes.filter(({ verdict }) => verdict === 'failed');
  for (const { entryId, write } of refused) {
    options.logger.error({ entryId, id: write.document._id }, 'MongoDB refuses the document of this save');
  }
  // The cache first: a caller that learns the outcome must not read the old value from it any more.
  await settle(options.client, outcomes, options.ttlMs);
  await publish(
    options,
    outcomes.map(({ savedBy, write, verdict }) => ({ savedBy, writeId: write.document.write_id, verdict })),
  );
}

interface Result {
  readonly savedBy: string;
  readonly writeId: string;
  readonly verdict: Verdict;
}

/** One message for each process that waits. */
async function publish({ client }: DrainOptions, results: readonly Result[]): Promise<void> {
  for (const [savedBy, group] of Map.groupBy(results, (result) => result.savedBy)) {
    const message: SyncResults = group.map(({ writeId, verdict }) => [writeId, verdict]);
    await client.publish(syncKeys.results(savedBy), JSON.stringify(message));
  }
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
