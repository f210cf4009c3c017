/** killOp: interrupts one running operation. */
import { MongoError } from '../errors.ts';
import type { Command } from './command.ts';

export const killOp: Command = {
  name: 'killOp',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  fields: ['op'],
  run: ({ arguments: given, server }) => {
    const id = given.number('op');
    if (id === undefined) throw new MongoError('NoSuchKey', 'Missing expected field "op"');
    for (const operation of server.operations) {
      if (operation.id === id) {
        operation.interruption.interrupt(new MongoError('Interrupted', 'operation was interrupted'));
      }
    }
    return { info: 'attempting to kill op' };
  },
};
