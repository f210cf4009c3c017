/** renameCollection: gives a collection another name, in the same or another database. */
import { UUID } from 'bson';
import { MongoError } from '../errors.ts';
import { changeCatalogue } from './catalogue-change.ts';
import type { Command } from './command.ts';
import { collectionOf, databaseOf, namespaceOf } from './namespace.ts';
import { isViewOptions, viewError } from './views.ts';

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
    const known = server.engine.identity(from);
    if (known === undefined) {
      throw new MongoError('NamespaceNotFound', `Source collection ${from} does not exist`);
    }
    if (isViewOptions(known.options)) throw viewError(from);
    if (known.options['timeseries'] !== undefined) {
      throw viewError(from);
    }
    const target = server.engine.identity(to);
    const dropTarget = given.get('dropTarget') ?? false;
    if (typeof dropTarget !== 'boolean') {
      throw new MongoError('TypeMismatch', "BSON field 'renameCollection.dropTarget' must be a boolean");
    }
    if (target !== undefined && isViewOptions(target.options)) {
      throw new MongoError('NamespaceExists', `a view already exists with that name: ${to}`);
    }
    await changeCatalogue(operation, () => server.engine.renameCollection(from, to, dropTarget), [
      {
        kind: 'rename',
        namespace: from,
        to,
        before: undefined,
        after: undefined,
        uuid: known.uuid,
        ...(target === undefined ? {} : { description: { dropTarget: new UUID(target.uuid) } }),
      },
    ]);
    server.cursors.failCollection(from, `collection renamed from '${from}' to '${to}'`);
    server.cursors.failCollection(to, `collection dropped: ${to}`);
    return {};
  },
};

function checked(namespace: string): string {
  if (!namespace.includes('.')) throw new MongoError('InvalidNamespace', `Invalid namespace: ${namespace}`);
  return namespaceOf(databaseOf(namespace), collectionOf(namespace));
}
