/**
 * The versions of a collection's documents and the indexes over them.
 *
 * A record has at most one uncommitted version (that of the first updater), one current committed version or removal,
 * and older versions as long as a snapshot in progress sees them. An index holds the entries of all of these; a
 * reader of an entry looks up the version it sees, and where a record has several, whether the entry is that one's.
 */
import type { ActiveSnapshots } from './active-snapshots.ts';
import type { CollectionInfo, Document, IndexSpec } from './contract.ts';
import { CurrentVersions } from './current-versions.ts';
import type { OrderedIndex } from './ordered-index.ts';

/** What a collection knows of the transaction that writes or reads. */
export interface Reader {
  readonly snapshotTimestamp: number;
  readonly settled: Promise<void>;
}

export interface PendingWrite {
  readonly collection: StoredCollection;
  readonly recordId: number;
  readonly transaction: Reader;
  /** Undefined for a removal. */
  bytes: Uint8Array | undefined;
}

interface OlderVersion {
  readonly timestamp: number;
  readonly replacedAt: number;
  readonly bytes: Uint8Array;
}

export const idIndexName = '_id_';

export class StoredCollection {
  namespace: string;
  readonly id: number;
  readonly uuid: Uint8Array;
  options: Document;
  readonly versions = new CurrentVersions();
  readonly pending = new Map<number, PendingWrite>();
  readonly indexes = new Map<string, OrderedIndex>();
  /** Indexes whose creation is not committed: maintained by all, used by their creator alone. */
  readonly uncommittedIndexes = new Map<string, Reader>();
  readonly idIndex: OrderedIndex;
  documents = 0;
  totalBytes = 0;
  readonly #older = new Map<number, OlderVersion[]>();

  constructor(id: number, namespace: string, uuid: Uint8Array, options: Document, idIndex: OrderedIndex) {
    this.id = id;
    this.namespace = namespace;
    this.uuid = uuid;
    this.options = options;
    this.idIndex = idIndex;
    this.indexes.set(idIndexName, idIndex);
  }

  info(reader?: Reader): CollectionInfo {
    const indexes: IndexSpec[] = [];
    const multikey: string[] = [];
    for (const index of this.indexes.values()) {
      if (!this.isUsable(index.spec.name, reader) || this.#isInternal(index)) continue;
      indexes.push(index.spec);
      if (index.isMultikey) multikey.push(index.spec.name);
    }
    return { namespace: this.namespace, uuid: this.uuid, options: this.options, indexes, multikey };
  }

  /** A time series has no index of `_id` for its clients. */
  #isInternal(index: OrderedIndex): boolean {
    return index === this.idIndex && !index.spec.unique;
  }

  isUsable(indexName: string, reader: Reader | undefined): boolean {
    const owner = this.uncommittedIndexes.get(indexName);
    return owner === undefined || owner === reader;
  }

  /** The version that `reader` sees: its own write, else the newest one at its snapshot. */
  visible(recordId: number, reader: Reader): Uint8Array | undefined {
    if (this.pending.size > 0) {
      const pending = this.pending.get(recordId);
      if (pending !== undefined && pending.transaction === reader) return pending.bytes;
    }
    return this.committed(recordId, reader.snapshotTimestamp);
  }

  /** The newest version committed at or before `timestamp`. */
  committed(recordId: number, timestamp: number): Uint8Array | undefined {
    if (this.versions.timestamp(recordId) <= timestamp) return this.versions.bytes(recordId);
    return this.olderVersions(recordId).findLast(
      (version) => version.timestamp <= timestamp && timestamp < version.replacedAt,
    )?.bytes;
  }

  olderVersions(recordId: number): readonly OlderVersion[] {
    return (this.#older.size > 0 ? this.#older.get(recordId) : undefined) ?? [];
  }

  /** False when all entries of the record in every index belong to its current version. */
  hasSeveralVersions(recordId: number): boolean {
    return this.pending.has(recordId) || this.#older.has(recordId);
  }

  /** Notes the uncommitted write and adds its entries; conflicts and duplicates were ruled out before. */
  write(
    transaction: Reader,
    recordId: number,
    bytes: Uint8Array | undefined,
    entries: ReadonlyMap<OrderedIndex, readonly string[]>,
  ): { pending: PendingWrite; isFirst: boolean } {
    for (const [index, added] of entries) {
      for (const entry of added) index.keys.add(entry);
    }
    const known = this.pending.get(recordId);
    if (known === undefined) {
      const pending = { collection: this, recordId, transaction, bytes };
      this.pending.set(recordId, pending);
      return { pending, isFirst: true };
    }
    const replaced = known.bytes;
    known.bytes = bytes;
    if (replaced !== undefined) this.#dropEntries(recordId, replaced);
    return { pending: known, isFirst: false };
  }

  /** Makes an uncommitted write the current version. True when an older one stays for a snapshot. */
  install(write: PendingWrite, timestamp: number, snapshots: ActiveSnapshots): boolean {
    const { recordId, bytes } = write;
    const before = this.versions.bytes(recordId);
    const beforeTimestamp = this.versions.timestamp(recordId);
    this.pending.delete(recordId);
    this.#count(before, bytes);
    if (bytes !== undefined) this.versions.put(recordId, bytes, timestamp);
    else if (before !== undefined) this.versions.remove(recordId, timestamp);
    if (before === undefined) return false;
    const chain = this.#older.get(recordId) ?? [];
    chain.push({ timestamp: beforeTimestamp, replacedAt: timestamp, bytes: before });
    this.#older.set(recordId, chain);
    return this.prune(recordId, snapshots);
  }

  /** Undoes an uncommitted write. */
  discard(write: PendingWrite): void {
    this.pending.delete(write.recordId);
    if (write.bytes !== undefined) this.#dropEntries(write.recordId, write.bytes);
  }

  /** Drops the older versions that no snapshot needs; true when some stay. */
  prune(recordId: number, snapshots: ActiveSnapshots): boolean {
    const chain = this.#older.get(recordId);
    if (chain === undefined) return false;
    const kept = chain.filter((version) => snapshots.needs(version.timestamp, version.replacedAt));
    if (kept.length > 0) this.#older.set(recordId, kept);
    else this.#older.delete(recordId);
    for (const version of chain) {
      if (!kept.includes(version)) this.#dropEntries(recordId, version.bytes);
    }
    if (kept.length === 0 && this.versions.bytes(recordId) === undefined) this.versions.clear(recordId);
    return kept.length > 0;
  }

  /** Replays a committed write; indexes are built afterwards. */
  restore(recordId: number, bytes: Uint8Array | undefined, timestamp: number): void {
    this.#count(this.versions.bytes(recordId), bytes);
    if (bytes === undefined) this.versions.clear(recordId);
    else this.versions.put(recordId, bytes, timestamp);
  }

  /** Fills an index with the entries of all versions there are. */
  fill(index: OrderedIndex): void {
    const entries: string[] = [];
    for (const recordId of this.versions.recordIds(0, this.versions.nextRecordId)) {
      const current = this.versions.bytes(recordId);
      if (current !== undefined) pushAll(entries, index.entries(current, recordId));
      for (const version of this.olderVersions(recordId)) {
        pushAll(entries, index.entries(version.bytes, recordId));
      }
    }
    for (const write of this.pending.values()) {
      if (write.bytes !== undefined) pushAll(entries, index.entries(write.bytes, write.recordId));
    }
    entries.sort(byBytes);
    index.keys.load(entries.filter((entry, position) => entry !== entries[position - 1]));
  }

  #count(before: Uint8Array | undefined, after: Uint8Array | undefined): void {
    this.documents += (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
    this.totalBytes += (after?.length ?? 0) - (before?.length ?? 0);
  }

  /** Removes the entries of a version that is gone, except those that another version of the record has as well. */
  #dropEntries(recordId: number, bytes: Uint8Array): void {
    const others: Uint8Array[] = this.olderVersions(recordId).map((version) => version.bytes);
    const current = this.versions.bytes(recordId);
    if (current !== undefined) others.push(current);
    const uncommitted = this.pending.get(recordId)?.bytes;
    if (uncommitted !== undefined) others.push(uncommitted);
    for (const index of this.indexes.values()) {
      if (index === this.idIndex && others.length > 0) continue;
      const kept = others.flatMap((other) => index.entries(other, recordId));
      for (const entry of index.entries(bytes, recordId)) {
        if (!kept.includes(entry)) index.keys.delete(entry);
      }
    }
  }
}

function pushAll(target: string[], items: readonly string[]): void {
  for (const item of items) target.push(item);
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
