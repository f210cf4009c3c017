/** Distinguishes an outage of MongoDB, after which an operation can be retried, from an answer that would not change. */
import { SystemError } from '../errors.ts';

const outageNames =
  /^Mongo(?:ose)?(?:ClientClosed|ExpiredSession|Network|NotConnected|OperationTimeout|Pool(?:Cleared|Closed)|Server(?:Closed|Selection)|TopologyClosed|WaitQueue)/;

/**
 * Codes with which a server says that it, or what it kept for us, is going or gone: a cursor, a transaction, its place as primary, the
 * majority it writes to, itself; or that it was too busy to answer in time.
 */
const outageCodes: ReadonlySet<unknown> = new Set([
  6, 7, 24, 43, 50, 64, 89, 91, 100, 112, 133, 134, 189, 202, 237, 246, 251, 262, 290, 317, 9001, 10058,
  10107, 11600, 11602, 13388, 13435, 13436,
]);

export function isOutage(error: unknown): boolean {
  if (error instanceof SystemError) {
    return error.code === 'database_unavailable' || error.code === 'outcome_unknown';
  }
  if (!(error instanceof Error)) return false;
  // The driver wraps what ended a batch of writes.
  if ('errorResponse' in error && isOutage(error.errorResponse)) return true;
  return outageNames.test(error.name) || ('code' in error && outageCodes.has(error.code));
}
