/** testDeprecation and testVersion2: by these drivers test that they send the Stable API's fields. */
import { MongoError } from '../errors.ts';
import type { Command } from './command.ts';

export const testDeprecation: Command = {
  name: 'testDeprecation',
  kind: 'administration',
  inTransaction: false,
  run: ({ arguments: given }) => {
    if (given.boolean('apiDeprecationErrors')) {
      throw new MongoError(
        'APIDeprecationError',
        'Provided apiDeprecationErrors:true, but the command testDeprecation is deprecated in API Version 1',
      );
    }
    return {};
  },
};

export const testVersion2: Command = {
  name: 'testVersion2',
  kind: 'administration',
  inTransaction: false,
  run: () => ({}),
};
