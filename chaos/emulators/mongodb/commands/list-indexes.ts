/** listIndexes: the indexes of a collection. */
import { MongoError } from '../errors.ts';
import { listingReply } from '../cursors/listing.ts';
import { isDocument } from '../query/bson-value.ts';
import type { Command } from './command.ts';
import { describeIndex } from '../storage/index-description.ts';

export const listIndexes: Command = {
  name: 'listIndexes',
  kind: 'read',
  refusesViews: true,
  inTransaction: false,
  fields: ['cursor', 'includeBuildUUIDs', 'includeIndexBuildInfo'],
  run: (operation) => {
    const { namespace, server } = operation;
    const collection = server.engine.collection(namespace);
    if (collection === undefined)
      throw new MongoError('NamespaceNotFound', `ns does not exist: ${namespace}`);
    const clustered = collection.options['clusteredIndex'];
    return listingReply(
      operation,
      namespace,
      collection.indexes.map((index) =>
        index.name === '_id_' && isDocument(clustered)
          ? { ...clustered, clustered: true }
          : describeIndex(index),
      ),
    );
  },
};
