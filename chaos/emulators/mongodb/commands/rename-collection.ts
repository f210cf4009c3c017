/** renameCollection: gives a collection another name, in the same or another database. */
import { MongoError } from '../errors.ts';
import { changeCatalogue } from './catalogue-change.ts';
import type { Command } from './command.ts';
import { collectionOf, databaseOf, namespaceOf } from './namespace.ts';

export const renameCollection: Command = {
  name: 'renameCollection',
  kind: 'write',
  inTransaction: false,
  writeConcern: true,
  adminOnly: true,
  fields: ['to', 'dropTarget', 'stayTemp', 'collectionUUID'],
  run: async (operation) => {
    const { arguments: given, server } = operation;
    const from = checked(given.requiredString('renameCollection'));
    const to = checked(given.requiredString('to'));
    if (from === to) throw new MongoError('IllegalOperation', "Can't rename a collection to itself");
    if (server.engine.collection(from) === undefined) {
      throw new MongoError('NamespaceNotFound', `Source collection ${from} does not exist`);
    }
    await changeCatalogue(
      operation,
      () => server.engine.renameCollection(from, to, given.boolean('dropTarget')),
      [{ kind: 'rename', namespace: from, to, before: undefined, after: undefined }],
    );
    server.cursors.closeWhere(({ namespace }) => namespace === from || namespace === to);
    return {};
  },
};

function checked(namespace: string): string {
  if (!namespace.includes('.')) throw new MongoError('InvalidNamespace', `Invalid namespace: ${namespace}`);
  return namespaceOf(databaseOf(namespace), collectionOf(namespace));
}
