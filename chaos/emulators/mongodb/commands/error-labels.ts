/** Which labels an error carries: drivers retry by them (MongoDB's error_labels.cpp says the same). */
import { errorCodes } from '../errors.ts';
import type { Operation } from './operation.ts';

/** MongoDB's RetriableError category. */
const retryableCodes: ReadonlySet<number> = new Set([
  errorCodes.ExceededTimeLimit,
  errorCodes.HostNotFound,
  errorCodes.HostUnreachable,
  errorCodes.InterruptedAtShutdown,
  errorCodes.InterruptedDueToReplStateChange,
  errorCodes.NetworkTimeout,
  errorCodes.NotPrimaryNoSecondaryOk,
  errorCodes.NotPrimaryOrSecondary,
  errorCodes.NotWritablePrimary,
  errorCodes.PrimarySteppedDown,
  errorCodes.ReadConcernMajorityNotAvailableYet,
  errorCodes.ShutdownInProgress,
  errorCodes.SocketException,
]);

const transientCodes: ReadonlySet<number> = new Set([
  errorCodes.LockTimeout,
  errorCodes.PreparedTransactionInProgress,
  errorCodes.SnapshotUnavailable,
  errorCodes.WriteConflict,
]);

/** What of an operation its labels depend on; known before its session is. */
export type LabelSubject = Pick<Operation, 'body' | 'command'>;

export function errorLabels(
  subject: LabelSubject,
  code: number,
  writeConcernCode: number | undefined,
): string[] {
  const { body, command } = subject;
  const endsTransaction = command.name === 'commitTransaction' || command.name === 'abortTransaction';
  const inTransaction = body['autocommit'] === false;
  const labels: string[] = [];
  if (inTransaction && isTransient(code, writeConcernCode, endsTransaction)) {
    labels.push('TransientTransactionError');
  }
  const isRetryableWrite = body['txnNumber'] !== undefined && !inTransaction;
  if (isRetryableWrite || endsTransaction) {
    if (
      retryableCodes.has(code) ||
      (writeConcernCode !== undefined && retryableCodes.has(writeConcernCode))
    ) {
      labels.push('RetryableWriteError');
    }
  }
  return labels;
}

function isTransient(code: number, writeConcernCode: number | undefined, endsTransaction: boolean): boolean {
  if (transientCodes.has(code)) return true;
  if (code === errorCodes.NoSuchTransaction) return !endsTransaction || writeConcernCode === undefined;
  return !endsTransaction && retryableCodes.has(code);
}
