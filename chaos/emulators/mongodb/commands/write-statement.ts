/**
 * Runs one write. In a transaction a conflict is an error at once; outside of one the write waits until the other
 * transaction has ended and is done anew from a fresh snapshot.
 */
import { beginRecorded } from '../changes/begin-recorded.ts';
import { MongoError } from '../errors.ts';
import { WriteConflictError } from '../storage/errors.ts';
import type { Document, StorageTransaction } from '../storage/contract.ts';
import type { Operation } from './operation.ts';
import { aborted } from '../sessions/transactions.ts';

/** Work in a storage transaction; what it returns is committed, what it throws undoes all. */
export type Change<T> = (storage: StorageTransaction) => T;

export function writeStatement<T>(operation: Operation, change: Change<T>): T | Promise<T> {
  operation.interruption.throwIfInterrupted();
  const { transaction, server } = operation;
  if (transaction !== undefined) {
    if (transaction.state !== 'active') throw aborted(transaction.number);
    try {
      return change(transaction.storage);
    } catch (thrown) {
      if (thrown instanceof WriteConflictError) server.counters.writeConflicts += 1;
      throw thrown;
    }
  }
  try {
    return attempt(operation, change);
  } catch (thrown) {
    if (!(thrown instanceof WriteConflictError)) throw thrown;
    return retry(operation, change, thrown);
  }
}

function attempt<T>(operation: Operation, change: Change<T>): T {
  const { server } = operation;
  if (!server.member.isPrimary) throw new MongoError('NotWritablePrimary', 'not primary');
  const storage = beginRecorded(server, undefined);
  operation.attachedReply = false;
  try {
    const result = change(storage);
    enterFailPoint(operation);
    operation.durable = storage.commit().durable;
    operation.operationTime = server.clusterClock.operationTime;
    return result;
  } finally {
    storage.abort();
  }
}

async function retry<T>(operation: Operation, change: Change<T>, conflict: WriteConflictError): Promise<T> {
  let latest = conflict;
  for (;;) {
    operation.server.counters.writeConflicts += 1;
    await operation.interruption.race(latest.settled);
    operation.interruption.throwIfInterrupted();
    try {
      return attempt(operation, change);
    } catch (thrown) {
      if (!(thrown instanceof WriteConflictError)) throw thrown;
      latest = thrown;
    }
  }
}

/** Only for a retryable write that was not done before. */
function enterFailPoint(operation: Operation): void {
  if (operation.retryNumber === undefined || !operation.attachedReply) return;
  const failure = operation.server.failPoints.enterTransactionalWrite();
  if (failure === undefined) return;
  if (failure.closeConnection) operation.closesConnection = true;
  if (failure.failBeforeCommit !== undefined) throw failure.failBeforeCommit;
}

/** The reply this statement of a retryable write had before, if it is a repetition. */
export function rememberedReply(operation: Operation, statementId: number): Document | undefined {
  if (operation.retryNumber === undefined) return undefined;
  return operation.session?.statements.get(statementId);
}

/** Remembers the reply in memory and, with the commit of `storage`, on disk. Call `keep` after the commit. */
export function attachReply(
  operation: Operation,
  storage: StorageTransaction,
  statementId: number,
  reply: Document,
): void {
  const { retryNumber, session } = operation;
  if (retryNumber === undefined || session === undefined) return;
  operation.attachedReply = true;
  storage.attachSessionRecord({ sessionId: session.id, transactionNumber: retryNumber, statementId, reply });
}

export function keepReply(operation: Operation, statementId: number, reply: Document): void {
  if (operation.retryNumber !== undefined) operation.session?.statements.set(statementId, reply);
}

/** Creates the collection a write goes to when there is none yet. */
export function ensureCollection(storage: StorageTransaction, namespace: string): void {
  if (storage.collection(namespace) === undefined) storage.createCollection(namespace, {});
}
