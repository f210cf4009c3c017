/** listCollections: the collections of a database that match a filter. */
import { UUID } from 'bson';
import { listingReply } from '../cursors/listing.ts';
import { compileFilter } from '../query/matcher.ts';
import type { CollectionInfo, Document } from '../storage/contract.ts';
import type { Command } from './command.ts';
import { checkDatabase, collectionOf } from './namespace.ts';

export const listCollections: Command = {
  name: 'listCollections',
  kind: 'read',
  inTransaction: false,
  fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
  run: (operation) => {
    const { arguments: given, database, server } = operation;
    checkDatabase(database);
    const nameOnly = given.boolean('nameOnly');
    const matches = compileFilter(given.documentField('filter') ?? {}, operation.environment);
    const found = server.engine
      .collections(database)
      .map(describe)
      .filter((document) => matches(document))
      .map((document) => (nameOnly ? { name: document['name'], type: document['type'] } : document));
    return listingReply(operation, `${database}.$cmd.listCollections`, found);
  },
};

function describe({ namespace, options, uuid }: CollectionInfo): Document {
  return {
    name: collectionOf(namespace),
    type: 'collection',
    options,
    info: { readOnly: false, uuid: new UUID(uuid) },
    ...(options['clusteredIndex'] === undefined ? { idIndex: { v: 2, key: { _id: 1 }, name: '_id_' } } : {}),
  };
}
