/** listCollections: the collections, views and time series of a database that match a filter. */
import { UUID } from 'bson';
import { listingReply } from '../cursors/listing.ts';
import { compileFilter } from '../query/matcher.ts';
import { describeIndex } from '../storage/index-description.ts';
import type { CollectionInfo, Document, IndexSpec } from '../storage/contract.ts';
import type { Command } from './command.ts';
import { checkDatabase, collectionOf } from './namespace.ts';
import { isViewOptions } from './views.ts';

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
    const collections = server.engine.collections(database);
    const found = [...collections.map(describe), ...viewCatalogue(collections)]
      .filter((document) => matches(document))
      .map((document) => (nameOnly ? { name: document['name'], type: document['type'] } : document));
    return listingReply(operation, `${database}.$cmd.listCollections`, found);
  },
};

function describe({ namespace, options, uuid, indexes }: CollectionInfo): Document {
  const name = collectionOf(namespace);
  if (isViewOptions(options)) return { name, type: 'view', options, info: { readOnly: true } };
  if (options['timeseries'] !== undefined) {
    return { name, type: 'timeseries', options, info: { readOnly: false } };
  }
  const idIndex = indexes.find((index) => index.name === '_id_');
  return {
    name,
    type: 'collection',
    options,
    info: { readOnly: false, uuid: new UUID(uuid) },
    ...(options['clusteredIndex'] !== undefined || idIndex === undefined
      ? {}
      : { idIndex: describeIndex(idIndex) }),
  };
}

const plainIdIndex: IndexSpec = { name: '_id_', key: { _id: 1 }, unique: true, sparse: false };

/** Where MongoDB keeps the definitions of views. */
function viewCatalogue(collections: readonly CollectionInfo[]): Document[] {
  if (!collections.some(({ options }) => isViewOptions(options))) return [];
  return [
    {
      name: 'system.views',
      type: 'collection',
      options: {},
      info: { readOnly: false },
      idIndex: describeIndex(plainIdIndex),
    },
  ];
}
