/**
 * The order in which the database took the writes made under locks, with the fencing token of each: followed by a change stream, since
 * the final documents no longer tell who wrote before whom. A turn stamps its token on what it writes; a transaction under a lock
 * counts its use in the lock's own row of `fences`, beside the token that is valid then.
 */
import type {
  ChangeStream,
  ChangeStreamDocument,
  ChangeStreamInsertDocument,
  ChangeStreamReplaceDocument,
  ChangeStreamUpdateDocument,
  Db,
} from 'mongodb';
import { z } from 'zod';
import type { FencedWrites } from '../../reports/record/evidence.ts';
import type { Clock } from '../clock.ts';

const collections = ['cities', 'fences', 'generals', 'nations', 'sessions'] as const;

/** What is followed of a document. */
const stateSchema = z.object({
  session_id: z.string().optional(),
  turn_fence: z.number().optional(),
  last_turn: z.number().optional(),
  turn: z.number().optional(),
  turn_started: z.unknown().optional(),
  token: z.number().optional(),
  uses: z.number().optional(),
});
type State = z.infer<typeof stateSchema>;

export interface FencedWritesRecorder extends AsyncDisposable {
  /** Stops following; resolves to what was seen, when nothing has come for a moment. */
  finish(): Promise<FencedWrites>;
}

export function recordFencedWrites(database: Db, clock: Clock): FencedWritesRecorder {
  const stopping = new AbortController();
  const states = new Map<string, State>();
  const writes: FencedWrites['writes'] = [];
  const last = new Map<string, number>();
  let stream: ChangeStream | undefined;
  let changedMs = clock.monotonicMs();
  let gaps = 0;

  const take = (change: ChangeStreamDocument): void => {
    changedMs = clock.monotonicMs();
    const seen = read(change, states);
    // Only where the token changes hands: the same holder's next write tells nothing new.
    if (seen === null || last.get(seen.lock) === seen.token) return;
    last.set(seen.lock, seen.token);
    writes.push({ atMs: clock.nowMs(), ...seen });
  };
  const follow = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        stream = database.watch([{ $match: { 'ns.coll': { $in: [...collections] } } }]);
        for await (const change of stream) take(change);
      } catch {
        if (stopping.signal.aborted) return;
        // A server that was restarted no longer knows where the stream was. What a document was before is unknown then, too.
        gaps += 1;
        states.clear();
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

/**
 * The write, if it was one under a lock. Keeps `states` up to date. The first change of a document only tells how it is: what it was
 * before is not known, so neither is whether a turn wrote it or somebody who left the turn's fields alone.
 */
function read(
  change: ChangeStreamDocument,
  states: Map<string, State>,
): { lock: string; token: number; document: string } | null {
  if (!isWrite(change)) return null;
  const document = `${change.ns.coll}/${String(change.documentKey._id)}`;
  const before = states.get(document);
  const after =
    change.operationType === 'update'
      ? before && { ...before, ...stateSchema.parse(change.updateDescription.updatedFields ?? {}) }
      : stateSchema.parse(change.fullDocument);
  if (after === undefined) return null;
  states.set(document, after);
  if (before === undefined || sameState(before, after)) return null;
  if (document.startsWith(fencesPrefix)) {
    // Drawing a token writes nothing under the lock yet.
    if (after.token === undefined || after.uses === before.uses) return null;
    return { lock: document.slice(fencesPrefix.length), token: after.token, document };
  }
  if (after.session_id === undefined || after.turn_fence === undefined) return null;
  return { lock: `session:lock:${after.session_id}:turn`, token: after.turn_fence, document };
}

function isWrite(
  change: ChangeStreamDocument,
): change is ChangeStreamInsertDocument | ChangeStreamReplaceDocument | ChangeStreamUpdateDocument {
  return ['insert', 'replace', 'update'].includes(change.operationType);
}

/**
 * What a write under a lock changes; whatever leaves all of it as it was is none. A document that only got a newer token was shut to
 * the older holder: that is how he is kept out, one document after the other, and no work of the new one yet.
 */
const workFields = ['last_turn', 'turn', 'turn_started', 'token', 'uses'] as const;

function sameState(before: State, after: State): boolean {
  return workFields.every(
    (field) => JSON.stringify(before[field] ?? null) === JSON.stringify(after[field] ?? null),
  );
}

const fencesPrefix = 'fences/';
