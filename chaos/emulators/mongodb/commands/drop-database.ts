/** dropDatabase: removes all collections of a database. */
import type { Command } from './command.ts';
import { changeCatalogue } from './catalogue-change.ts';
import { checkDatabase } from './namespace.ts';

export const dropDatabase: Command = {
  name: 'dropDatabase',
  kind: 'write',
  inTransaction: false,
  writeConcern: true,
  fields: [],
  run: async (operation) => {
    const { database, server } = operation;
    checkDatabase(database);
    const collections = server.engine.collections(database);
    for (const { namespace } of collections) {
      await changeCatalogue(operation, () => server.engine.dropCollection(namespace), [
        { kind: 'drop', namespace, before: undefined, after: undefined },
      ]);
      server.cursors.closeWhere((cursor) => cursor.namespace === namespace);
    }
    return collections.length === 0 ? {} : { dropped: database };
  },
};
