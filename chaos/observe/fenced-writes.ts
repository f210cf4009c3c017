/**
 * The order in which the database applied the writes made under locks, with the fencing token of each: followed by a change stream, since
 * the final documents no longer tell which was written first. The target says which changes are such writes.
 */
import type { ChangeStream, ChangeStreamDocument, Db } from 'mongodb';
import { z } from 'zod';
import type { FencedWrites } from '../../reports/record/evidence.ts';
import type { DocumentChange, FencedWriteFollower } from '../api/target.ts';
import type { Clock } from '../clock.ts';

export interface FencedWritesRecorder extends AsyncDisposable {
  /** Stops following; resolves to what was seen, when nothing has come for a moment. */
  finish(): Promise<FencedWrites>;
}

export function recordFencedWrites(
  database: Db,
  clock: Clock,
  follower: FencedWriteFollower,
): FencedWritesRecorder {
  const stopping = new AbortController();
  const writes: FencedWrites['writes'] = [];
  const last = new Map<string, number>();
  let read = follower.reader();
  let stream: ChangeStream | undefined;
  let changedMs = clock.monotonicMs();
  let gaps = 0;

  const take = (raw: ChangeStreamDocument): void => {
    changedMs = clock.monotonicMs();
    const change = changeOf(raw);
    const seen = change === null ? null : read(change);
    // Only where the token changes hands: the same holder's next write tells nothing new.
    if (change === null || seen === null || last.get(seen.lock) === seen.token) return;
    last.set(seen.lock, seen.token);
    writes.push({ atMs: clock.nowMs(), ...seen, document: `${change.collection}/${change.id}` });
  };
  const follow = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        stream = database.watch([{ $match: { 'ns.coll': { $in: [...follower.collections] } } }]);
        for await (const change of stream) take(change);
      } catch {
        if (stopping.signal.aborted) return;
        // A server that was restarted no longer knows where the stream was. What a document was before is unknown then, too.
        gaps += 1;
        read = follower.reader();
        await stream?.close().catch(() => undefined);
        await clock.sleep(reopenMs, stopping.signal).catch(() => undefined);
      }
    }
  };
  const following = follow();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await stream?.close().catch(() => undefined);
    await following;
  };
  return {
    finish: async () => {
      const deadlineMs = clock.monotonicMs() + settleLimitMs;
      for (;;) {
        const nowMs = clock.monotonicMs();
        const settledMs = Math.min(changedMs + settleMs, deadlineMs);
        if (nowMs >= settledMs) break;
        await clock.sleep(settledMs - nowMs);
      }
      await stop();
      return { writes, gaps };
    },
    [Symbol.asyncDispose]: stop,
  };
}

const reopenMs = 100;
/** How long nothing may come before the stream counts as caught up, and how long that is waited for. */
const settleMs = 300;
const settleLimitMs = 3_000;

const fieldsSchema = z.record(z.string(), z.unknown());

/** Null for anything but an insert, a replacement or an update. */
function changeOf(change: ChangeStreamDocument): DocumentChange | null {
  if (
    change.operationType !== 'insert' &&
    change.operationType !== 'replace' &&
    change.operationType !== 'update'
  )
    return null;
  const whole = change.operationType !== 'update';
  const fields =
    change.operationType === 'update' ? change.updateDescription.updatedFields : change.fullDocument;
  return {
    collection: change.ns.coll,
    id: String(change.documentKey._id),
    fields: fieldsSchema.parse(fields ?? {}),
    whole,
  };
}
