/** convertToCapped: bounds a collection that exists, dropping its oldest documents. */
import { MongoError, locationError } from '../errors.ts';
import { changeCatalogue } from './catalogue-change.ts';
import { evictOldest } from './capped-collection.ts';
import type { Command } from './command.ts';
import { viewError } from './views.ts';
import { writeStatement } from './write-statement.ts';

export const convertToCapped: Command = {
  name: 'convertToCapped',
  kind: 'write',
  refusesViews: true,
  inTransaction: false,
  writeConcern: true,
  fields: ['size'],
  run: async (operation) => {
    const { arguments: given, namespace, server } = operation;
    const size = given.number('size');
    if (size === undefined) {
      throw locationError(40414, "BSON field 'convertToCapped.size' is missing but a required field");
    }
    if (size <= 0) throw new MongoError('InvalidOptions', 'Capped collection size must be greater than zero');
    const collection = server.engine.collection(namespace);
    if (collection === undefined) {
      throw new MongoError('NamespaceNotFound', `source collection ${namespace} does not exist`);
    }
    if (collection.options['timeseries'] !== undefined) throw viewError(namespace);
    const { max: _max, ...kept } = collection.options;
    const options = { ...kept, capped: true, size: Math.ceil(size / 256) * 256 };
    await changeCatalogue(operation, () => server.engine.modifyCollection(namespace, { options }));
    for (const { name } of collection.indexes) {
      if (name !== '_id_') await changeCatalogue(operation, () => server.engine.dropIndex(namespace, name));
    }
    await writeStatement(operation, (storage) => evictOldest(storage, namespace));
    return {};
  },
};
