/** The life of multi-document transactions: begin, continue, commit, abort, and what is said to those who come too late. */
import { beginRecorded } from '../changes/begin-recorded.ts';
import { MongoError, locationError } from '../errors.ts';
import type { ServerState } from '../server-state.ts';
import { committedStatement } from './session-store.ts';
import type { Session } from './session.ts';
import type { Transaction } from './transaction.ts';

export interface TransactionRequest {
  readonly number: bigint;
  readonly starts: boolean;
  readonly readConcernLevel: string | undefined;
}

/** The transaction an operation belongs to. @throws MongoError 225, 251, 256, 50911. */
export function enterTransaction(
  server: ServerState,
  session: Session,
  request: TransactionRequest,
): Transaction {
  refuseOld(session, request.number);
  if (request.starts) return beginTransaction(server, session, request);
  const { transaction } = session;
  if (request.number !== session.transactionNumber || transaction === undefined) {
    if (session.committedNumber === request.number) throw committed(request.number);
    throw notInProgress(session, request.number);
  }
  if (transaction.state === 'committed') throw committed(request.number);
  if (transaction.state === 'aborted') throw aborted(request.number);
  return transaction;
}

function beginTransaction(server: ServerState, session: Session, request: TransactionRequest): Transaction {
  if (request.number === session.transactionNumber) {
    throw locationError(
      50911,
      `Cannot start a transaction at given transaction number ${request.number} a transaction with the same number is in state ${session.transaction?.state ?? 'none'}`,
    );
  }
  takeNumber(server, session, request.number);
  const transaction: Transaction = {
    number: request.number,
    storage: beginRecorded(server, { sessionId: session.id, transactionNumber: request.number }),
    startedAtMs: server.clock.nowMs(),
    readConcernLevel: request.readConcernLevel,
    state: 'active',
    lifetime: undefined,
    durable: undefined,
    operationTime: undefined,
    writtenBytes: 0,
  };
  const lifetimeSeconds = Number(server.parameters.get('transactionLifetimeLimitSeconds'));
  transaction.lifetime = server.clock.timer(lifetimeSeconds * 1000, () =>
    abortTransaction(server, session, transaction),
  );
  session.transaction = transaction;
  server.counters.transactions.started += 1;
  return transaction;
}

/** Makes `number` the session's newest; what was under an older one is over. */
export function takeNumber(server: ServerState, session: Session, number: bigint): void {
  const { transaction } = session;
  if (transaction?.state === 'active') abortTransaction(server, session, transaction);
  session.transaction = undefined;
  session.statements = new Map();
  session.committedNumber = undefined;
  session.transactionNumber = number;
}

/** @throws MongoError TransactionTooOld. */
export function refuseOld(session: Session, number: bigint): void {
  if (number >= session.transactionNumber) return;
  throw new MongoError(
    'TransactionTooOld',
    `Cannot start transaction with { txnNumber: ${number} } on session ${session.id} because a newer transaction with txnNumber { txnNumber: ${session.transactionNumber} } has already started on this session.`,
  );
}

/** @returns the fsync of the commit, undefined when there was nothing to write. */
export function commitTransaction(server: ServerState, session: Session, number: bigint): Promise<void> {
  refuseOld(session, number);
  const { transaction } = session;
  if (number !== session.transactionNumber || transaction === undefined) {
    if (session.committedNumber === number) return server.engine.flush();
    throw notInProgress(session, number);
  }
  if (transaction.state === 'aborted') throw aborted(number);
  if (transaction.state === 'committed') return transaction.durable ?? server.engine.flush();
  transaction.storage.attachSessionRecord({
    sessionId: session.id,
    transactionNumber: number,
    statementId: committedStatement,
    reply: {},
  });
  const { durable } = transaction.storage.commit();
  transaction.state = 'committed';
  transaction.durable = durable;
  transaction.lifetime?.[Symbol.dispose]();
  transaction.operationTime = server.clusterClock.operationTime;
  server.counters.transactions.committed += 1;
  return durable;
}

/** The client's abortTransaction. @throws MongoError 251, 256. */
export function abortByNumber(server: ServerState, session: Session, number: bigint): void {
  const transaction = enterTransaction(server, session, {
    number,
    starts: false,
    readConcernLevel: undefined,
  });
  abortTransaction(server, session, transaction);
}

export function abortTransaction(server: ServerState, session: Session, transaction: Transaction): void {
  if (transaction.state !== 'active') return;
  transaction.state = 'aborted';
  transaction.lifetime?.[Symbol.dispose]();
  transaction.storage.abort();
  server.cursors.closeWhere(
    (cursor) => cursor.sessionId === session.id && cursor.transactionNumber === transaction.number,
  );
  server.counters.transactions.aborted += 1;
}

function committed(number: bigint): MongoError {
  return new MongoError(
    'TransactionCommitted',
    `Transaction with { txnNumber: ${number} } has been committed.`,
  );
}

export function aborted(number: bigint): MongoError {
  return new MongoError('NoSuchTransaction', `Transaction with { txnNumber: ${number} } has been aborted.`);
}

function notInProgress(session: Session, number: bigint): MongoError {
  return new MongoError(
    'NoSuchTransaction',
    `Given transaction number ${number} does not match any in-progress transactions. The active transaction number is ${session.transactionNumber}`,
  );
}
