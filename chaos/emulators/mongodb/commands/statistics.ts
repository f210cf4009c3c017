/** collStats and dbStats: documents, bytes and index entries, in units of `scale` bytes. */
import { MongoError } from '../errors.ts';
import { numberOf } from '../query/bson-value.ts';
import type { ServerState } from '../server-state.ts';
import type { Document } from '../storage/contract.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { checkDatabase } from './namespace.ts';
import { isViewOptions } from './views.ts';

/** An index entry's size is not measured; this is about what one takes. */
const bytesPerIndexEntry = 32;

export const collStats: Command = {
  name: 'collStats',
  aliases: ['collstats'],
  kind: 'read',
  inTransaction: false,
  fields: ['scale'],
  refusesViews: true,
  run: ({ arguments: given, namespace, server }) => ({
    ns: namespace,
    ...collectionStatistics(server, namespace, scaleOf(given)),
  }),
};

/** What collStats tells of a collection, which need not exist. */
export function collectionStatistics(server: ServerState, namespace: string, scale: number): Document {
  const options = server.engine.identity(namespace)?.options ?? {};
  const { documents, bytes, indexes } = server.engine.statistics(namespace);
  const size = Math.floor(bytes / scale);
  const indexSizes = Object.fromEntries(
    Object.entries(indexes).map(([name, entries]) => [
      name,
      Math.floor((entries * bytesPerIndexEntry) / scale),
    ]),
  );
  const totalIndexSize = Object.values(indexSizes).reduce((sum, entry) => sum + entry, 0);
  const capped = options['capped'] === true;
  return {
    size,
    count: documents,
    ...(documents === 0 ? {} : { avgObjSize: Math.floor(bytes / documents) }),
    numOrphanDocs: 0,
    storageSize: size,
    freeStorageSize: 0,
    capped,
    ...(capped
      ? {
          max: options['max'] ?? 0,
          maxSize: Math.floor((numberOf(options['size']) ?? 0) / scale),
        }
      : {}),
    ...(options['timeseries'] === undefined ? {} : { timeseries: { bucketCount: 0 } }),
    nindexes: Object.keys(indexes).length,
    indexBuilds: [],
    totalIndexSize,
    totalSize: size + totalIndexSize,
    indexSizes,
    scaleFactor: scale,
  };
}

export const dbStats: Command = {
  name: 'dbStats',
  aliases: ['dbstats'],
  kind: 'read',
  inTransaction: false,
  fields: ['scale', 'freeStorage'],
  run: ({ arguments: given, database, server }) => {
    checkDatabase(database);
    const scale = scaleOf(given);
    const { bytes, collections, documents, entries, indexes, views } = totals(server, database);
    const dataSize = bytes / scale;
    const indexSize = (entries * bytesPerIndexEntry) / scale;
    return {
      db: database,
      collections,
      views,
      objects: documents,
      avgObjSize: documents === 0 ? 0 : bytes / documents,
      dataSize,
      storageSize: dataSize,
      indexes,
      indexSize,
      totalSize: dataSize + indexSize,
      scaleFactor: scale,
    };
  },
};

function totals(server: ServerState, database: string) {
  const total = { bytes: 0, collections: 0, documents: 0, entries: 0, indexes: 0, views: 0 };
  for (const { namespace, options } of server.engine.collections(database)) {
    if (isViewOptions(options)) {
      total.views += 1;
      continue;
    }
    const { bytes, documents, indexes } = server.engine.statistics(namespace);
    total.collections += 1;
    total.bytes += bytes;
    total.documents += documents;
    total.indexes += Object.keys(indexes).length;
    for (const entries of Object.values(indexes)) total.entries += entries;
  }
  return total satisfies Document;
}

function scaleOf(given: Arguments): number {
  const scale = given.number('scale') ?? 1;
  if (scale >= 1) return Math.floor(scale);
  throw new MongoError('BadValue', `BSON field 'scale' value must be >= 1, actual value '${scale}'`);
}
