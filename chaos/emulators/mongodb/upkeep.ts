/** What a server does by itself from time to time: expire documents, cursors and sessions no one uses. */
import { beginRecorded } from './changes/begin-recorded.ts';
import { compileFilter } from './query/matcher.ts';
import { findDocuments } from './query/plan/find-documents.ts';
import type { ServerState } from './server-state.ts';
import { abortTransaction } from './sessions/transactions.ts';
import type { IndexSpec } from './storage/contract.ts';
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
    for (const { namespace, indexes } of state.engine.collections(database)) {
      for (const index of indexes) removed += expireByIndex(state, namespace, index);
    }
  }
  return removed;
}

function expireByIndex(state: ServerState, namespace: string, index: IndexSpec): number {
  const [path] = Object.keys(index.key);
  if (index.expireAfterSeconds === undefined || path === undefined) return 0;
  const before = new Date(state.clock.nowMs() - index.expireAfterSeconds * 1000);
  const filter = { ...index.partialFilterExpression, [path]: { $lte: before } };
  const matches = compileFilter(filter);
  const storage = beginRecorded(state, undefined);
  try {
    const query = {
      namespace,
      filter,
      sort: undefined,
      hint: undefined,
      skip: 0,
      limit: 0,
      environment: {},
      needsDetails: false,
    };
    const found = [...findDocuments(storage, query)].filter(({ stored }) => matches(stored.document()));
    for (const { stored } of found) storage.remove(namespace, stored);
    if (found.length > 0) {
      storage.commit();
      state.clusterClock.tick();
    }
    return found.length;
  } catch (thrown) {
    if (thrown instanceof WriteConflictError) return 0;
    throw thrown;
  } finally {
    storage.abort();
  }
}
