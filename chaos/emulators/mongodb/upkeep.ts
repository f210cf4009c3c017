/** What a server does by itself from time to time: expire documents, cursors and sessions no one uses. */
import { beginRecorded } from './changes/begin-recorded.ts';
import { emptyQuery, findDocuments } from './query/plan/find-documents.ts';
import type { ServerState } from './server-state.ts';
import { abortTransaction } from './sessions/transactions.ts';
import { isDocument, numberOf } from './query/bson-value.ts';
import type { Document, IndexSpec } from './storage/contract.ts';
import { WriteConflictError } from './storage/errors.ts';

const roundMs = 1000;

export function startUpkeep(state: ServerState): Disposable {
  let timer: Disposable | undefined;
  let isStopped = false;
  let nextExpiryMs = 0;
  const round = (): void => {
    state.cursors.closeIdle();
    expireSessions(state);
    const nowMs = state.clock.nowMs();
    if (nowMs >= nextExpiryMs && state.member.isPrimary) {
      nextExpiryMs = nowMs + Number(state.parameters.get('ttlMonitorSleepSecs')) * 1000;
      expireDocuments(state);
    }
    schedule();
  };
  const schedule = (): void => {
    if (!isStopped) timer = state.clock.timer(roundMs, round);
  };
  schedule();
  return {
    [Symbol.dispose]: () => {
      isStopped = true;
      timer?.[Symbol.dispose]();
    },
  };
}

function expireSessions(state: ServerState): void {
  for (const session of state.sessions.expired()) {
    if (session.transaction !== undefined) abortTransaction(state, session, session.transaction);
    state.cursors.closeWhere((cursor) => cursor.sessionId === session.id);
    state.sessions.forget(session);
  }
}

/** One round of the TTL monitor. Documents in the way of a transaction wait for the next round. */
export function expireDocuments(state: ServerState): number {
  let removed = 0;
  for (const database of state.engine.databases()) {
    for (const { namespace, indexes, options } of state.engine.collections(database)) {
      if (options['capped'] === true) continue;
      for (const index of indexes) removed += expireByIndex(state, namespace, index);
      const path = expiryPath(options);
      const seconds = numberOf(options['expireAfterSeconds']);
      if (path !== undefined && seconds !== undefined) removed += expire(state, namespace, { path, seconds });
    }
  }
  return removed;
}

/** The field by which a whole collection expires. */
function expiryPath({ clusteredIndex, timeseries }: Document): string | undefined {
  if (isDocument(timeseries)) return String(timeseries['timeField']);
  return clusteredIndex === undefined ? undefined : '_id';
}

function expireByIndex(state: ServerState, namespace: string, index: IndexSpec): number {
  const [path] = Object.keys(index.key);
  const { expireAfterSeconds: seconds, partialFilterExpression } = index;
  if (seconds === undefined || path === undefined) return 0;
  return expire(state, namespace, { path, seconds, partialFilterExpression });
}

interface Expiry {
  readonly path: string;
  readonly seconds: number;
  readonly partialFilterExpression?: Document | undefined;
}

function expire(state: ServerState, namespace: string, expiry: Expiry): number {
  const before = new Date(state.clock.nowMs() - expiry.seconds * 1000);
  const filter = expiryFilter(expiry, before);
  const storage = beginRecorded(state, undefined);
  try {
    const found = [...findDocuments(storage, { ...emptyQuery(namespace), filter })];
    for (const { stored } of found) storage.remove(namespace, stored);
    if (found.length > 0) storage.commit();
    return found.length;
  } catch (thrown) {
    if (thrown instanceof WriteConflictError) return 0;
    throw thrown;
  } finally {
    storage.abort();
  }
}

/** One flat document where it can be, since the planner finds a partial index by it. */
function expiryFilter({ partialFilterExpression = {}, path }: Expiry, before: Date): Document {
  const isExpired = { [path]: { $lte: before } };
  return Object.hasOwn(partialFilterExpression, path)
    ? { $and: [partialFilterExpression, isExpired] }
    : { ...partialFilterExpression, ...isExpired };
}
