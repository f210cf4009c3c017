/** Names of databases and collections, checked as MongoDB checks them. */
import { MongoError } from '../errors.ts';

/** @throws MongoError InvalidNamespace. */
export function namespaceOf(database: string, collection: unknown): string {
  if (typeof collection !== 'string') {
    throw new MongoError('InvalidNamespace', `collection name has invalid type ${typeof collection}`);
  }
  checkDatabase(database);
  if (collection === '')
    throw new MongoError('InvalidNamespace', `Invalid namespace specified '${database}.'`);
  if (collection.includes('\0'))
    throw new MongoError('InvalidNamespace', 'namespaces cannot have embedded null characters');
  if (collection.includes('$') && !collection.startsWith('$cmd.')) {
    throw new MongoError('InvalidNamespace', `Invalid collection name: ${collection}`);
  }
  if (collection.startsWith('.')) {
    throw new MongoError('InvalidNamespace', `Collection names cannot start with '.': ${collection}`);
  }
  const namespace = `${database}.${collection}`;
  if (Buffer.byteLength(namespace) > 255) {
    throw new MongoError('InvalidNamespace', `Fully qualified namespace is too long: ${namespace}`);
  }
  return namespace;
}

/** @throws MongoError InvalidNamespace. */
export function checkDatabase(database: string): void {
  if (database === '' || database.length > 63 || /[/\\. "$\0]/.test(database)) {
    throw new MongoError('InvalidNamespace', `Invalid database name: '${database}'`);
  }
}

export function databaseOf(namespace: string): string {
  return namespace.slice(0, namespace.indexOf('.'));
}

export function collectionOf(namespace: string): string {
  return namespace.slice(namespace.indexOf('.') + 1);
}
