/** Stands in for `system/database/transaction.ts`: a commit whose answer was lost is reported as one that did not happen. */
import type { createTransactionRunner as rightCreateTransactionRunner } from '../../system/database/transaction.ts';
import { SystemError } from '../../system/errors.ts';

export { defaultCommitTimeMs, hasLabel } from '../../system/database/transaction.ts';
export type { TransactionRunner } from '../../system/database/transaction.ts';

export const createTransactionRunner: typeof rightCreateTransactionRunner = (connection) => ({
  run: async (deadline, body) => {
    deadline.check();
    const session = await connection.startSession();
    try {
      session.startTransaction({ writeConcern: { w: 'majority' } });
      const value = await body(session);
      await session.commitTransaction();
      return value;
    } catch (cause) {
      if (cause instanceof SystemError) throw cause;
      throw new SystemError('database_unavailable', 'the transaction failed', { cause });
    } finally {
      await session.endSession();
    }
  },
});
