/** dropDatabase: removes all collections of a database. */
import { MongoError } from '../errors.ts';
import type { Command } from './command.ts';
import { changeCatalogue } from './catalogue-change.ts';
import { checkDatabase } from './namespace.ts';
import { publishWrites } from '../changes/publish.ts';

export const dropDatabase: Command = {
  name: 'dropDatabase',
  kind: 'write',
  inTransaction: false,
  writeConcern: true,
  fields: [],
  run: async (operation) => {
    const { database, server } = operation;
    checkDatabase(database);
    if (database === 'admin' || database === 'config') {
      throw new MongoError('IllegalOperation', `Dropping the '${database}' database is prohibited.`);
    }
    const collections = server.engine.collections(database);
    for (const { namespace, uuid } of collections) {
      await changeCatalogue(operation, () => server.engine.dropCollection(namespace), [
        { kind: 'drop', namespace, before: undefined, after: undefined, uuid },
      ]);
      server.cursors.failCollection(namespace, `collection dropped: ${namespace}`);
    }
    if (collections.length === 0) return {};
    publishWrites(
      server,
      [{ kind: 'dropDatabase', namespace: database, before: undefined, after: undefined }],
      undefined,
    );
    operation.operationTime = server.clusterClock.operationTime;
    return { dropped: database };
  },
};
