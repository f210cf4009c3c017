/**
 * Runs a transaction to its end. The body may run several times, so it reads everything it needs inside; a commit whose
 * answer was lost is committed again, which is safe and tells what became of it.
 */
import type { Connection } from 'mongoose';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { SystemError } from '../errors.ts';
import type { Random } from '../random.ts';
import type { AbandonedTransactions } from './abandoned-transactions.ts';
import type { ClientSession, TransactionOptions } from './driver.ts';
import { isOutage } from './outage.ts';

export interface TransactionRunner {
  /**
   * Resolves with the body's value once it is committed by a majority. Throws `outcome_unknown` when the commit may or may not
   * have happened, and anything else only when nothing was committed.
   */
  run<T>(deadline: Deadline, body: (session: ClientSession) => Promise<T>, commitTimeMs?: number): Promise<T>;
}

export const defaultCommitTimeMs = 30_000;
const commitRetryMs = 20;
/** With less time left than this the caller is better served by the error than by another attempt. */
const lastAttemptMs = 500;

export function createTransactionRunner(
  connection: Connection,
  clock: Clock,
  random: Random,
  abandoned: Pick<AbandonedTransactions, 'add'>,
): TransactionRunner {
  return {
    run: async (deadline, body, commitTimeMs = defaultCommitTimeMs) => {
      const session = await connection.startSession();
      let committed = false;
      let cutOff = false;
      try {
        for (let attempt = 0; ; attempt += 1) {
          deadline.check();
          let committing = false;
          try {
            session.startTransaction(transactionOptions(commitTimeMs));
            const value = await body(session);
            deadline.check();
            committing = true;
            await commit(session, deadline, clock);
            committed = true;
            return value;
          } catch (error) {
            cutOff ||= isOutage(error);
            if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
            // Before the commit an outage has undone everything, with any label; after it only the label tells.
            const outlasted = !committing && isOutage(error) && deadline.remainingMs() >= lastAttemptMs;
            if (!outlasted && !hasLabel(error, 'TransientTransactionError')) throw error;
            await clock.sleep(Math.min(100, 2 ** attempt) * (0.5 + random.next() / 2), deadline.signal);
          }
        }
      } finally {
        // The driver swallows the failure of an abort, but marks a session on which a command had no answer.
        if (!committed && (cutOff || session.serverSession.isDirty)) abandoned.add(session);
        await session.endSession();
      }
    },
  };
}

function transactionOptions(maxCommitTimeMS: number): TransactionOptions {
  return {
    readPreference: 'primary',
    readConcern: { level: 'local' },
    writeConcern: { w: 'majority' },
    maxCommitTimeMS,
  };
}

/** Once an attempt may have committed, no later failure says that it did not, unless the server itself does. */
async function commit(session: ClientSession, deadline: Deadline, clock: Clock): Promise<void> {
  for (let mayBeCommitted = false; ;) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      // The server knows the transaction as one that was not committed.
      if (hasLabel(error, 'TransientTransactionError')) throw error;
      mayBeCommitted ||= hasLabel(error, 'UnknownTransactionCommitResult') || !isServerError(error);
      if (!mayBeCommitted) throw error;
      if (deadline.remainingMs() <= 0) {
        throw new SystemError('outcome_unknown', 'the answer to the commit was lost', { cause: error });
      }
      await clock.sleep(commitRetryMs);
    }
  }
}

/** An answer of the server, as against a connection or a server that could not be had. */
function isServerError(error: unknown): boolean {
  return error instanceof Error && error.name === 'MongoServerError';
}

export function hasLabel(error: unknown, label: string): boolean {
  return (
    error instanceof Error &&
    'hasErrorLabel' in error &&
    typeof error.hasErrorLabel === 'function' &&
    error.hasErrorLabel(label) === true
  );
}
