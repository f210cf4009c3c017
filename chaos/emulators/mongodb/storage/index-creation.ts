/** Adds an index to a collection on behalf of a transaction; until that commits, all maintain it and it alone uses it. */
import { MongoError } from '../errors.ts';
import { encodeDocument } from '../bson/encode.ts';
import type { IndexSpec } from './contract.ts';
import { duplicateKeyError } from './duplicate-key.ts';
import { WriteConflictError } from './errors.ts';
import { recordIdOf, recordSuffixLength } from './key-encoding.ts';
import type { OrderedIndex } from './ordered-index.ts';
import type { Reader, StoredCollection } from './stored-collection.ts';

/**
 * The new index, or undefined when the same one is there. Throws `MongoError` 85 or 86 for one that contradicts
 * another, 11000 when a unique index meets duplicates, `WriteConflictError` while others write in the collection.
 */
export function createIndex(
  collection: StoredCollection,
  spec: IndexSpec,
  creator: Reader,
  newIndex: (spec: IndexSpec) => OrderedIndex,
): OrderedIndex | undefined {
  const existing = collection.indexes.get(spec.name);
  const owner = collection.uncommittedIndexes.get(spec.name);
  if (owner !== undefined && owner !== creator) {
    throw new WriteConflictError(collection.namespace, owner.settled);
  }
  if (existing !== undefined) {
    if (isSameIndex(existing.spec, spec)) return undefined;
    throw new MongoError(
      'IndexKeySpecsConflict',
      `An existing index has the same name as the requested index. Requested index: ${spec.name}`,
    );
  }
  for (const other of collection.indexes.values()) {
    if (isSameKey(other.spec, spec)) {
      throw new MongoError(
        'IndexOptionsConflict',
        `Index already exists with a different name: ${other.spec.name}`,
      );
    }
  }
  for (const write of collection.pending.values()) {
    if (write.transaction !== creator) {
      throw new WriteConflictError(collection.namespace, write.transaction.settled);
    }
  }
  const index = newIndex(spec);
  collection.fill(index);
  if (spec.unique) assertUnique(collection, index, creator);
  collection.indexes.set(spec.name, index);
  collection.uncommittedIndexes.set(spec.name, creator);
  return index;
}

/** Old versions share the index, so only entries of what is current for the creator count. @throws MongoError 11000. */
export function assertUnique(
  collection: StoredCollection,
  index: OrderedIndex,
  creator: Reader | undefined,
): void {
  let lastKey: string | undefined;
  for (const entry of index.keys.ascending('', '\xff')) {
    const recordId = recordIdOf(entry);
    const own = collection.pending.get(recordId);
    const bytes =
      own !== undefined && own.transaction === creator ? own.bytes : collection.versions.bytes(recordId);
    if (bytes === undefined) continue;
    if (collection.hasSeveralVersions(recordId) && !index.entries(bytes, recordId).includes(entry)) continue;
    const key = entry.slice(0, -recordSuffixLength);
    if (key === lastKey) {
      throw duplicateKeyError(collection.namespace, index.spec, index.valuesOf(bytes, recordId, entry));
    }
    lastKey = key;
  }
}

function isSameIndex(a: IndexSpec, b: IndexSpec): boolean {
  return (
    isSameKey(a, b) &&
    a.unique === b.unique &&
    a.sparse === b.sparse &&
    a.expireAfterSeconds === b.expireAfterSeconds
  );
}

function isSameKey(a: IndexSpec, b: IndexSpec): boolean {
  return (
    JSON.stringify(Object.entries(a.key)) === JSON.stringify(Object.entries(b.key)) &&
    Buffer.compare(filterBytes(a), filterBytes(b)) === 0 &&
    JSON.stringify(a.collation) === JSON.stringify(b.collation) &&
    JSON.stringify(a.kindOptions) === JSON.stringify(b.kindOptions) &&
    a.unique === b.unique &&
    a.sparse === b.sparse
  );
}

function filterBytes(spec: IndexSpec): Uint8Array {
  return encodeDocument(spec.partialFilterExpression ?? {});
}
