/** Which changes a stream tells: those of a collection, of a database, or of all databases; and where it may be opened. */
import { collectionOf, databaseOf } from '../commands/namespace.ts';
import { MongoError } from '../errors.ts';
import type { Operation } from '../commands/operation.ts';
import type { Change } from './change.ts';
import type { StreamOptions } from './stream-options.ts';

export interface StreamScope {
  covers(change: Change): boolean;
  /** The stream is over with this change. */
  endsWith(change: Change): boolean;
}

const internalDatabases = new Set(['admin', 'config', 'local']);

/** @throws MongoError InvalidOptions, InvalidNamespace, CommandNotSupportedOnView. */
export function scopeOf(
  operation: Operation,
  namespace: string,
  { allChangesForCluster }: StreamOptions,
): StreamScope {
  const { database } = operation;
  const isOfCollection = !namespace.endsWith('.$cmd.aggregate');
  if (allChangesForCluster) {
    if (database === 'admin' && !isOfCollection) return wholeServer;
    throw new MongoError(
      'InvalidOptions',
      `A $changeStream with 'allChangesForCluster:true' may only be opened on the 'admin' database, and with no collection name; found ${namespace}`,
    );
  }
  if (internalDatabases.has(database)) {
    throw new MongoError(
      'InvalidNamespace',
      `$changeStream may not be opened on the internal ${database} database`,
    );
  }
  if (!isOfCollection) return wholeDatabase(database);
  if (isInternal(namespace)) {
    throw new MongoError(
      'InvalidNamespace',
      `$changeStream may not be opened on the internal ${namespace} collection`,
    );
  }
  const options = operation.server.engine.identity(namespace)?.options;
  if (options?.['viewOn'] !== undefined || options?.['timeseries'] !== undefined) {
    throw new MongoError('CommandNotSupportedOnView', `Namespace ${namespace} is a view, not a collection`);
  }
  return {
    covers: (change) =>
      change.namespace === namespace || (change.kind === 'rename' && change.to === namespace),
    endsWith: ({ kind }) => kind === 'drop' || kind === 'rename',
  };
}

const wholeServer: StreamScope = {
  covers: ({ namespace }) => !internalDatabases.has(databaseNameOf(namespace)) && !isInternal(namespace),
  endsWith: () => false,
};

function wholeDatabase(database: string): StreamScope {
  return {
    covers: ({ namespace }) => databaseNameOf(namespace) === database && !isInternal(namespace),
    endsWith: ({ kind }) => kind === 'dropDatabase',
  };
}

function databaseNameOf(namespace: string): string {
  return namespace.includes('.') ? databaseOf(namespace) : namespace;
}

function isInternal(namespace: string): boolean {
  return namespace.includes('.') && collectionOf(namespace).startsWith('system.');
}
