/** The engine over its state and its log: what runs at a commit, and the changes of the catalogue. */
import type { Random } from '../../../random.ts';
import { MongoError } from '../errors.ts';
import { databaseOf } from './catalogue.ts';
import type { CatalogueChange, CommitLog } from './commit-log.ts';
import type {
  CollectionChange,
  CollectionInfo,
  Document,
  IndexSpec,
  SessionRecord,
  StorageEngine,
  StorageTransaction,
} from './contract.ts';
import type { EngineState } from './engine-state.ts';
import { WriteConflictError } from './errors.ts';
import { assertUnique } from './index-creation.ts';
import type { OrderedIndex } from './ordered-index.ts';
import { idIndexName, type Reader, type StoredCollection } from './stored-collection.ts';
import {
  loggedWork,
  SnapshotTransaction,
  type TransactionHost,
  type TransactionWork,
} from './transaction.ts';
import { VersionGarbage } from './version-garbage.ts';

export class MultiVersionEngine implements StorageEngine, TransactionHost {
  readonly #random: Random;
  readonly #state: EngineState;
  readonly #log: CommitLog;
  readonly #garbage: VersionGarbage;
  readonly #creations = new Map<string, Reader>();

  constructor(random: Random, state: EngineState, openLog: (collectGarbage: () => void) => CommitLog) {
    this.#random = random;
    this.#state = state;
    this.#garbage = new VersionGarbage(state.snapshots);
    this.#log = openLog(() => this.#collectGarbage());
  }

  get lastTimestamp(): number {
    return this.#state.timestamps.last;
  }

  begin(): StorageTransaction {
    const timestamp = this.#state.timestamps.last;
    this.#state.snapshots.open(timestamp);
    return new SnapshotTransaction(this, timestamp);
  }

  databases(): string[] {
    return [...new Set(this.#state.catalogue.all().map((collection) => databaseOf(collection.namespace)))];
  }

  collections(database: string): CollectionInfo[] {
    return this.#state.catalogue
      .all()
      .filter((collection) => databaseOf(collection.namespace) === database)
      .map((collection) => collection.info());
  }

  collection(namespace: string): CollectionInfo | undefined {
    return this.#state.catalogue.get(namespace)?.info();
  }

  identity(namespace: string): Pick<CollectionInfo, 'options' | 'uuid'> | undefined {
    return this.#state.catalogue.get(namespace);
  }

  /** A new index specification must differ in options only: the entries stay. */
  modifyCollection(namespace: string, { options, index }: CollectionChange): { durable: Promise<void> } {
    const collection = this.#existing(namespace);
    assertNoWriter(collection);
    let durable = this.#log.flush();
    if (options !== undefined) {
      const change = { kind: 'modifyCollection', collectionId: collection.id, options } as const;
      durable = this.#changeCatalogue(change, () => (collection.options = options));
    }
    if (index !== undefined) {
      const stored = collection.indexes.get(index.name);
      if (stored === undefined) {
        throw new MongoError('IndexNotFound', `index not found with name [${index.name}]`);
      }
      if (index.unique && !stored.spec.unique) assertUnique(collection, stored, undefined);
      const change = { kind: 'modifyIndex', collectionId: collection.id, spec: index } as const;
      durable = this.#changeCatalogue(change, () => (stored.spec = index));
    }
    return { durable };
  }

  dropCollection(namespace: string): { existed: boolean; durable: Promise<void> } {
    const collection = this.#state.catalogue.get(namespace);
    if (collection === undefined) return { existed: false, durable: this.#log.flush() };
    assertNoWriter(collection);
    const durable = this.#changeCatalogue(
      { kind: 'dropCollection', collectionId: collection.id },
      (timestamp) => this.#state.catalogue.remove(namespace, timestamp),
    );
    return { existed: true, durable };
  }

  dropIndex(namespace: string, name: string): { durable: Promise<void> } {
    const collection = this.#existing(namespace);
    if (!collection.indexes.has(name)) {
      throw new MongoError('IndexNotFound', `index not found with name [${name}]`);
    }
    if (name === idIndexName) throw new MongoError('InvalidOptions', 'cannot drop _id index');
    assertNoWriter(collection);
    const change = { kind: 'dropIndex', collectionId: collection.id, name } as const;
    return { durable: this.#changeCatalogue(change, () => collection.indexes.delete(name)) };
  }

  renameCollection(from: string, to: string, dropTarget: boolean): { durable: Promise<void> } {
    const collection = this.#existing(from);
    const target = this.#state.catalogue.get(to);
    if (target !== undefined && !dropTarget)
      throw new MongoError('NamespaceExists', 'target namespace exists');
    for (const affected of target === undefined ? [collection] : [collection, target])
      assertNoWriter(affected);
    const change = { kind: 'renameCollection', collectionId: collection.id, namespace: to } as const;
    return {
      durable: this.#changeCatalogue(change, (timestamp) =>
        this.#state.catalogue.rename(from, to, timestamp),
      ),
    };
  }

  statistics(namespace: string): { documents: number; bytes: number; indexes: Record<string, number> } {
    const collection = this.#state.catalogue.get(namespace);
    if (collection === undefined) return { documents: 0, bytes: 0, indexes: {} };
    const indexes = [...collection.indexes.values()].filter((index) =>
      collection.isUsable(index.spec.name, undefined),
    );
    return {
      documents: collection.documents,
      bytes: collection.totalBytes,
      indexes: Object.fromEntries(indexes.map((index) => [index.spec.name, index.keys.size])),
    };
  }

  sessionRecords(): IterableIterator<SessionRecord> {
    return this.#state.sessions.all();
  }

  forgetSession(sessionId: string): void {
    if (!this.#state.sessions.forget(sessionId)) return;
    ignoreRejection(
      this.#log.append({
        timestamp: this.#state.timestamps.next(),
        catalogue: [],
        writes: [],
        sessions: [],
        forgottenSessions: [sessionId],
      }),
    );
  }

  flush(): Promise<void> {
    return this.#log.flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#log[Symbol.asyncDispose]();
  }

  collectionAt(namespace: string, timestamp: number): StoredCollection | undefined {
    return this.#state.catalogue.at(namespace, timestamp);
  }

  currentCollection(namespace: string): StoredCollection | undefined {
    return this.#state.catalogue.get(namespace);
  }

  prepareCollection(namespace: string, options: Document, creator: Reader): StoredCollection {
    const other = this.#creations.get(namespace);
    if (other !== undefined) throw new WriteConflictError(namespace, other.settled);
    this.#creations.set(namespace, creator);
    const uuid = Buffer.from(this.#random.uuid().replaceAll('-', ''), 'hex');
    return this.#state.newCollection(this.#state.newCollectionId(), namespace, uuid, options);
  }

  newIndex(spec: IndexSpec): OrderedIndex {
    return this.#state.newIndex(spec);
  }

  commit(work: TransactionWork): { readonly commitTimestamp: number; readonly durable: Promise<void> } {
    const { catalogue, writes } = loggedWork(work);
    if (catalogue.length === 0 && writes.length === 0 && work.sessionRecords.length === 0) {
      this.#end(work);
      return { commitTimestamp: this.#state.timestamps.last, durable: Promise.resolve() };
    }
    this.#log.assertWritable();
    const timestamp = this.#state.timestamps.next();
    this.#end(work);
    for (const collection of work.createdCollections.values())
      this.#state.catalogue.add(collection, timestamp);
    for (const { collection, index } of work.createdIndexes)
      collection.uncommittedIndexes.delete(index.spec.name);
    for (const write of work.writes) {
      if (write.collection.install(write, timestamp, this.#state.snapshots)) {
        this.#garbage.add(write.collection, write.recordId, timestamp);
      }
    }
    for (const record of work.sessionRecords) this.#state.sessions.add(record);
    const durable = this.#log.append({
      timestamp,
      catalogue,
      writes,
      sessions: work.sessionRecords,
      forgottenSessions: [],
    });
    ignoreRejection(durable);
    return { commitTimestamp: timestamp, durable };
  }

  aborted(work: TransactionWork): void {
    this.#end(work);
  }

  /** Gives up the snapshot and what only it needed. */
  #end(work: TransactionWork): void {
    for (const namespace of work.createdCollections.keys()) this.#creations.delete(namespace);
    this.#state.snapshots.close(work.reader.snapshotTimestamp);
    this.#collectGarbage();
  }

  #collectGarbage(): void {
    this.#state.catalogue.forget(this.#state.snapshots.oldest);
    this.#garbage.collect();
  }

  #existing(namespace: string): StoredCollection {
    const collection = this.#state.catalogue.get(namespace);
    if (collection === undefined) throw new MongoError('NamespaceNotFound', `ns not found ${namespace}`);
    return collection;
  }

  #changeCatalogue(change: CatalogueChange, apply: (timestamp: number) => void): Promise<void> {
    this.#log.assertWritable();
    const timestamp = this.#state.timestamps.next();
    apply(timestamp);
    this.#state.catalogue.forget(this.#state.snapshots.oldest);
    const durable = this.#log.append({
      timestamp,
      catalogue: [change],
      writes: [],
      sessions: [],
      forgottenSessions: [],
    });
    ignoreRejection(durable);
    return durable;
  }
}

/** MongoDB waits for the writers before it changes a collection; here the caller does, on the error's `settled`. */
function assertNoWriter(collection: StoredCollection): void {
  for (const write of collection.pending.values()) {
    throw new WriteConflictError(collection.namespace, write.transaction.settled);
  }
  for (const creator of collection.uncommittedIndexes.values()) {
    throw new WriteConflictError(collection.namespace, creator.settled);
  }
}

/** Who awaits the promise still learns of the failure; who does not must not end the process by it. */
function ignoreRejection(promise: Promise<void>): void {
  promise.catch(() => undefined);
}
