/** commitTransaction and abortTransaction. */
import { MongoError } from '../errors.ts';
import { integerOf } from '../numbers/number-type.ts';
import { abortByNumber, commitTransaction as commit } from '../sessions/transactions.ts';
import type { Command } from './command.ts';

/** commitTransaction: makes a transaction's writes visible; said again, it succeeds again. */
export const commitTransaction: Command = {
  name: 'commitTransaction',
  kind: 'write',
  inTransaction: true,
  writeConcern: true,
  adminOnly: true,
  fields: ['recoveryToken', 'commitTimestamp', 'durableTimestamp'],
  run: (operation) => {
    const { body, server, session } = operation;
    if (session === undefined || body['txnNumber'] === undefined || body['autocommit'] !== false) {
      throw new MongoError('CommandFailed', 'commitTransaction must be run within a transaction');
    }
    operation.durable = commit(server, session, integerOf(body['txnNumber']));
    operation.operationTime = session.transaction?.operationTime;
    return {};
  },
};

/** abortTransaction: undoes a transaction. */
export const abortTransaction: Command = {
  name: 'abortTransaction',
  kind: 'write',
  inTransaction: true,
  writeConcern: true,
  adminOnly: true,
  fields: ['recoveryToken'],
  run: (operation) => {
    const { body, server, session } = operation;
    if (session === undefined || body['txnNumber'] === undefined || body['autocommit'] !== false) {
      throw new MongoError('CommandFailed', 'abortTransaction must be run within a transaction');
    }
    abortByNumber(server, session, integerOf(body['txnNumber']));
    return {};
  },
};
