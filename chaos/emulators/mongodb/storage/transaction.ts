/** A transaction of the storage engine: reads at its snapshot, writes as first updater, and commits in one step. */
import { MongoError } from '../errors.ts';
import type {
  CollectionInfo,
  Document,
  IndexRange,
  IndexSpec,
  SessionRecord,
  StorageTransaction,
  StoredDocument,
} from './contract.ts';
import type { CatalogueChange, RecordWrite } from './commit-log.ts';
import { WriteConflictError } from './errors.ts';
import { aboveAll, recordIdOf } from './key-encoding.ts';
import type { OrderedIndex } from './ordered-index.ts';
import { createIndex } from './index-creation.ts';
import type { PendingWrite, Reader, StoredCollection } from './stored-collection.ts';
import { DocumentVersion } from './stored-document.ts';
import { indexedIdOf } from './document-id.ts';
import { checkUnique } from './unique-check.ts';

/** What a transaction needs of its engine. */
export interface TransactionHost {
  collectionAt(namespace: string, timestamp: number): StoredCollection | undefined;
  currentCollection(namespace: string): StoredCollection | undefined;
  /** A new collection, known to nobody yet; throws `WriteConflictError` while another transaction creates the name. */
  prepareCollection(namespace: string, options: Document, creator: Reader): StoredCollection;
  newIndex(spec: IndexSpec): OrderedIndex;
  /** Closes the snapshot and makes the writes visible; when it throws, nothing has happened and the transaction goes on. */
  commit(work: TransactionWork): { readonly commitTimestamp: number; readonly durable: Promise<void> };
  /** Called after a transaction has undone its writes. */
  aborted(work: TransactionWork): void;
}

export interface TransactionWork {
  readonly reader: Reader;
  readonly writes: readonly PendingWrite[];
  readonly createdCollections: ReadonlyMap<string, StoredCollection>;
  readonly createdIndexes: readonly { collection: StoredCollection; index: OrderedIndex }[];
  readonly sessionRecords: readonly SessionRecord[];
}

const noEntries: ReadonlyMap<OrderedIndex, readonly string[]> = new Map();

export class SnapshotTransaction implements StorageTransaction, Reader {
  readonly snapshotTimestamp: number;
  state: 'active' | 'committed' | 'aborted' = 'active';
  readonly #host: TransactionHost;
  readonly #writes: PendingWrite[] = [];
  readonly #createdCollections = new Map<string, StoredCollection>();
  readonly #createdIndexes: { collection: StoredCollection; index: OrderedIndex }[] = [];
  readonly #sessionRecords: SessionRecord[] = [];
  #settled: PromiseWithResolvers<void> | undefined;

  constructor(host: TransactionHost, snapshotTimestamp: number) {
    this.#host = host;
    this.snapshotTimestamp = snapshotTimestamp;
  }

  get settled(): Promise<void> {
    this.#settled ??= Promise.withResolvers();
    if (this.state !== 'active') this.#settled.resolve();
    return this.#settled.promise;
  }

  find(namespace: string, id: unknown): StoredDocument | undefined {
    for (const found of this.findAll(namespace, id)) return found;
    return undefined;
  }

  *findAll(namespace: string, id: unknown): IterableIterator<StoredDocument> {
    this.#assertActive();
    const collection = this.#lookUp(namespace);
    if (collection === undefined) return;
    const key = collection.idIndex.keyOf([id]);
    for (const entry of collection.idIndex.keys.ascending(key, key + aboveAll)) {
      const recordId = recordIdOf(entry);
      const bytes = collection.visible(recordId, this);
      if (bytes === undefined) continue;
      yield new DocumentVersion(bytes, recordId);
      if (collection.idIndex.spec.unique) return;
    }
  }

  *scan(namespace: string): IterableIterator<StoredDocument> {
    const collection = this.#lookUp(namespace);
    if (collection === undefined) return;
    const { versions, pending } = collection;
    const end = versions.nextRecordId;
    const inserted = this.#writes
      .filter((write) => write.collection === collection && versions.timestamp(write.recordId) === 0)
      .map((write) => write.recordId);
    let next = 0;
    for (const recordId of versions.recordIds(0, end)) {
      this.#assertActive();
      while ((inserted[next] ?? end) < recordId) yield* this.#ownVersion(pending, inserted[next++] ?? 0);
      const bytes = collection.visible(recordId, this);
      if (bytes !== undefined) yield new DocumentVersion(bytes, recordId);
    }
    while (next < inserted.length) yield* this.#ownVersion(pending, inserted[next++] ?? 0);
  }

  *scanIndex(
    namespace: string,
    indexName: string,
    ranges: readonly IndexRange[],
  ): IterableIterator<StoredDocument> {
    const collection = this.#lookUp(namespace);
    if (collection === undefined) return;
    const index = collection.indexes.get(indexName);
    if (index === undefined || !collection.isUsable(indexName, this)) {
      throw new MongoError('IndexNotFound', `index not found with name [${indexName}]`);
    }
    // A document with several entries, or moved forward by this transaction during the walk, is given once.
    const seen = new Set<number>();
    for (const range of ranges) {
      for (const entry of index.walk(range)) {
        this.#assertActive();
        const recordId = recordIdOf(entry);
        if (seen.has(recordId)) continue;
        const bytes = collection.visible(recordId, this);
        if (bytes === undefined) continue;
        const isCertain = !collection.hasSeveralVersions(recordId) || index === collection.idIndex;
        if (!isCertain && !index.entries(bytes, recordId).includes(entry)) continue;
        seen.add(recordId);
        yield new DocumentVersion(bytes, recordId);
      }
    }
  }

  insert(namespace: string, bytes: Uint8Array): StoredDocument {
    const collection = this.#writable(namespace);
    indexedIdOf(bytes);
    const recordId = collection.versions.allocate();
    this.#write(collection, recordId, bytes);
    return new DocumentVersion(bytes, recordId);
  }

  update(namespace: string, current: StoredDocument, bytes: Uint8Array): StoredDocument {
    const collection = this.#writable(namespace);
    this.#claim(collection, current.recordId);
    this.#write(collection, current.recordId, bytes);
    return new DocumentVersion(bytes, current.recordId);
  }

  remove(namespace: string, current: StoredDocument): void {
    const collection = this.#writable(namespace);
    this.#claim(collection, current.recordId);
    this.#note(collection, current.recordId, undefined, noEntries);
  }

  createCollection(namespace: string, options: Document): CollectionInfo {
    this.#assertActive();
    if (this.#lookUp(namespace) !== undefined) {
      throw new MongoError('NamespaceExists', `Collection ${namespace} already exists.`);
    }
    const collection = this.#host.prepareCollection(namespace, options, this);
    this.#createdCollections.set(namespace, collection);
    return collection.info(this);
  }

  createIndex(namespace: string, spec: IndexSpec): void {
    const collection = this.#writable(namespace);
    const index = createIndex(collection, spec, this, (given) => this.#host.newIndex(given));
    if (index !== undefined) this.#createdIndexes.push({ collection, index });
  }

  collection(namespace: string): CollectionInfo | undefined {
    return this.#lookUp(namespace)?.info(this);
  }

  options(namespace: string): Document | undefined {
    return this.#lookUp(namespace)?.options;
  }

  attachSessionRecord(record: SessionRecord): void {
    this.#assertActive();
    this.#sessionRecords.push(record);
  }

  commit(): { readonly commitTimestamp: number; readonly durable: Promise<void> } {
    this.#assertActive();
    const result = this.#host.commit(this.#work());
    this.state = 'committed';
    this.#settled?.resolve();
    return result;
  }

  abort(): void {
    if (this.state !== 'active') return;
    for (const write of this.#writes) write.collection.discard(write);
    for (const { collection, index } of this.#createdIndexes) {
      collection.indexes.delete(index.spec.name);
      collection.uncommittedIndexes.delete(index.spec.name);
    }
    this.state = 'aborted';
    this.#host.aborted(this.#work());
    this.#settled?.resolve();
  }

  #work(): TransactionWork {
    return {
      reader: this,
      writes: this.#writes,
      createdCollections: this.#createdCollections,
      createdIndexes: this.#createdIndexes,
      sessionRecords: this.#sessionRecords,
    };
  }

  *#ownVersion(
    pending: ReadonlyMap<number, PendingWrite>,
    recordId: number,
  ): IterableIterator<StoredDocument> {
    const bytes = pending.get(recordId)?.bytes;
    if (bytes !== undefined) yield new DocumentVersion(bytes, recordId);
  }

  #lookUp(namespace: string): StoredCollection | undefined {
    return (
      this.#createdCollections.get(namespace) ?? this.#host.collectionAt(namespace, this.snapshotTimestamp)
    );
  }

  #writable(namespace: string): StoredCollection {
    this.#assertActive();
    const collection = this.#lookUp(namespace);
    if (collection === undefined) throw new MongoError('NamespaceNotFound', `ns not found: ${namespace}`);
    const isOwn = this.#createdCollections.has(namespace);
    if (!isOwn && this.#host.currentCollection(namespace) !== collection) {
      throw new WriteConflictError(namespace, Promise.resolve());
    }
    return collection;
  }

  /** First updater wins: throws when another transaction has written the record and not ended, or since the snapshot. */
  #claim(collection: StoredCollection, recordId: number): void {
    const pending = collection.pending.get(recordId);
    if (pending !== undefined) {
      if (pending.transaction !== this) {
        throw new WriteConflictError(collection.namespace, pending.transaction.settled);
      }
      if (pending.bytes === undefined) throw new TypeError('the document was removed by this transaction');
      return;
    }
    if (
      collection.versions.timestamp(recordId) > this.snapshotTimestamp ||
      !collection.versions.has(recordId)
    ) {
      throw new WriteConflictError(collection.namespace, Promise.resolve());
    }
  }

  #write(collection: StoredCollection, recordId: number, bytes: Uint8Array): void {
    const isUpdate = collection.pending.has(recordId) || collection.versions.has(recordId);
    const entries = new Map<OrderedIndex, readonly string[]>();
    for (const index of collection.indexes.values()) {
      if (isUpdate && index === collection.idIndex) continue;
      const added = index.entries(bytes, recordId);
      if (index.spec.unique || index.spec.prepareUnique === true)
        checkUnique(collection, index, added, recordId, bytes, this);
      entries.set(index, added);
    }
    this.#note(collection, recordId, bytes, entries);
  }

  #note(
    collection: StoredCollection,
    recordId: number,
    bytes: Uint8Array | undefined,
    entries: ReadonlyMap<OrderedIndex, readonly string[]>,
  ): void {
    const { pending, isFirst } = collection.write(this, recordId, bytes, entries);
    if (isFirst) this.#writes.push(pending);
  }

  #assertActive(): void {
    if (this.state !== 'active') throw new TypeError(`the storage transaction is ${this.state} already`);
  }
}

/** The journal's form of a transaction's work. */
export function loggedWork(work: TransactionWork): { catalogue: CatalogueChange[]; writes: RecordWrite[] } {
  const catalogue: CatalogueChange[] = [];
  for (const { id, namespace, uuid, options } of work.createdCollections.values()) {
    catalogue.push({ kind: 'createCollection', collectionId: id, namespace, uuid, options });
  }
  for (const { collection, index } of work.createdIndexes) {
    catalogue.push({ kind: 'createIndex', collectionId: collection.id, spec: index.spec });
  }
  const writes = work.writes.map(({ collection, recordId, bytes }) => ({
    collectionId: collection.id,
    recordId,
    bytes,
  }));
  return { catalogue, writes };
}
