/** abortTransaction: undoes a transaction. */
import { MongoError } from '../errors.ts';
import { integerOf } from '../numbers/number-type.ts';
import { abortByNumber } from '../sessions/transactions.ts';
import type { Command } from './command.ts';

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
