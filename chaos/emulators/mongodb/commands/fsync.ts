/** fsync: returns when all that was committed is on disk. Locking is refused. */
import { MongoError } from '../errors.ts';
import type { Command } from './command.ts';

export const fsync: Command = {
  name: 'fsync',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  fields: ['lock', 'async'],
  run: async ({ arguments: given, server }) => {
    if (given.boolean('lock'))
      throw new MongoError('CommandNotSupported', 'fsync with lock is not supported by the embedded MongoDB');
    await server.engine.flush();
    return { numFiles: 1 };
  },
};
