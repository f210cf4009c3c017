/** collStats and dbStats: documents, bytes and index entries, in units of `scale` bytes. */
import { MongoError } from '../errors.ts';
import type { ServerState } from '../server-state.ts';
import type { Document } from '../storage/contract.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { checkDatabase } from './namespace.ts';

/** An index entry's size is not measured; this is about what one takes. */
const bytesPerIndexEntry = 32;

export const collStats: Command = {
  name: 'collStats',
  aliases: ['collstats'],
  kind: 'read',
  inTransaction: false,
  fields: ['scale'],
  run: ({ arguments: given, namespace, server }) => {
    const scale = scaleOf(given);
    const options = server.engine.collection(namespace)?.options ?? {};
    const { documents, bytes, indexes } = server.engine.statistics(namespace);
    const indexSizes = Object.fromEntries(
      Object.entries(indexes).map(([name, entries]) => [
        name,
        Math.floor((entries * bytesPerIndexEntry) / scale),
      ]),
    );
    const totalIndexSize = Object.values(indexSizes).reduce((sum, size) => sum + size, 0);
    return {
      ns: namespace,
      size: Math.floor(bytes / scale),
      count: documents,
      ...(documents === 0 ? {} : { avgObjSize: Math.floor(bytes / documents) }),
      storageSize: Math.floor(bytes / scale),
      freeStorageSize: 0,
      capped: options['capped'] === true,
      nindexes: Object.keys(indexes).length,
      indexBuilds: [],
      totalIndexSize,
      totalSize: Math.floor(bytes / scale) + totalIndexSize,
      indexSizes,
      scaleFactor: scale,
    };
  },
};

export const dbStats: Command = {
  name: 'dbStats',
  aliases: ['dbstats'],
  kind: 'read',
  inTransaction: false,
  fields: ['scale', 'freeStorage'],
  run: ({ arguments: given, database, server }) => {
    checkDatabase(database);
    const scale = scaleOf(given);
    const { bytes, collections, documents, entries, indexes } = totals(server, database);
    const dataSize = bytes / scale;
    const indexSize = (entries * bytesPerIndexEntry) / scale;
    return {
      db: database,
      collections,
      views: 0,
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
  const total = { bytes: 0, collections: 0, documents: 0, entries: 0, indexes: 0 };
  for (const { namespace } of server.engine.collections(database)) {
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
