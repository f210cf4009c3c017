/**
 * Decides what a write meets in a unique index. A key that another transaction has written or freed but not
 * committed, or that was written or freed after the snapshot, is a write conflict and no duplicate: whether it is
 * one depends on what the other transaction does, and is decided when this one is tried again.
 */
import { duplicateKeyError } from './duplicate-key.ts';
import { WriteConflictError } from './errors.ts';
import { recordSuffixLength, recordIdOf, aboveAll } from './key-encoding.ts';
import type { OrderedIndex } from './ordered-index.ts';
import type { Reader, StoredCollection } from './stored-collection.ts';

/** Throws when one of the entries of record `recordId`, to be written with `bytes`, is not free. */
export function checkUnique(
  collection: StoredCollection,
  index: OrderedIndex,
  entries: readonly string[],
  recordId: number,
  bytes: Uint8Array,
  reader: Reader,
): void {
  for (const entry of entries) {
    const key = entry.slice(0, -recordSuffixLength);
    for (const found of index.keys.ascending(key, key + aboveAll)) {
      const holder = recordIdOf(found);
      if (holder === recordId) continue;
      const conflict = conflictWith(collection, index, found, holder, reader);
      if (conflict === 'duplicate') {
        throw duplicateKeyError(collection.namespace, index.spec, index.valuesOf(bytes, recordId, entry));
      }
      if (conflict !== undefined) throw conflict;
    }
  }
}

function conflictWith(
  collection: StoredCollection,
  index: OrderedIndex,
  entry: string,
  holder: number,
  reader: Reader,
): 'duplicate' | WriteConflictError | undefined {
  const has = (bytes: Uint8Array | undefined): boolean =>
    bytes !== undefined && index.entries(bytes, holder).includes(entry);
  const current = collection.versions.bytes(holder);
  const pending = collection.pending.get(holder);
  if (pending !== undefined && pending.transaction === reader)
    return has(pending.bytes) ? 'duplicate' : undefined;
  if (pending !== undefined && (has(pending.bytes) || has(current))) {
    return new WriteConflictError(collection.namespace, pending.transaction.settled);
  }
  const snapshot = reader.snapshotTimestamp;
  if (collection.versions.timestamp(holder) <= snapshot) return has(current) ? 'duplicate' : undefined;
  const isTouched =
    has(current) ||
    collection.olderVersions(holder).some((version) => version.replacedAt > snapshot && has(version.bytes));
  return isTouched ? new WriteConflictError(collection.namespace, Promise.resolve()) : undefined;
}
