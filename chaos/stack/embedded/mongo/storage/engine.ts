/**
 * The storage engine of the embedded MongoDB: multi-version documents in memory, made durable by a journal and
 * snapshots in a folder. One process, one thread; everything but durability is synchronous.
 */
import type { Clock } from '../../../../clock.ts';
import type { Random } from '../../../../random.ts';
import { MongoError } from '../errors.ts';
import { ActiveSnapshots } from './active-snapshots.ts';
import { Catalogue, databaseOf } from './catalogue.ts';
import { type CatalogueChange, type CommitLog, memoryLog } from './commit-log.ts';
import type {
  CollectionInfo,
  Document,
  IndexSpec,
  SessionRecord,
  StorageEngine,
  StorageTransaction,
} from './contract.ts';
import { WriteConflictError } from './errors.ts';
import { OrderedIndex, type FilterCompiler } from './ordered-index.ts';
import { SessionRecords } from './session-records.ts';
import { idIndexName, type Reader, StoredCollection } from './stored-collection.ts';
import { TimestampSource } from './timestamps.ts';
import {
  loggedWork,
  SnapshotTransaction,
  type TransactionHost,
  type TransactionWork,
} from './transaction.ts';
import { VersionGarbage } from './version-garbage.ts';

export interface StorageOptions {
  /** Where the journal and the snapshots lie; undefined keeps everything in memory only. */
  readonly folder: string | undefined;
  readonly clock: Clock;
  /** Collection UUIDs are drawn from it. */
  readonly random: Random;
  /** Compiles the filter of a partial index. Without it, creating a partial index fails. */
  readonly compileFilter?: FilterCompiler;
}

const idIndexSpec: IndexSpec = { name: idIndexName, key: { _id: 1 }, unique: true, sparse: false };

export function openStorageEngine(options: StorageOptions): Promise<StorageEngine> {
  return Promise.resolve(new MultiVersionEngine(options, memoryLog));
}

export class MultiVersionEngine implements StorageEngine, TransactionHost {
  readonly #random: Random;
  readonly #compileFilter: FilterCompiler;
  readonly #log: CommitLog;
  readonly #timestamps: TimestampSource;
  readonly #catalogue = new Catalogue();
  readonly #snapshots = new ActiveSnapshots();
  readonly #garbage = new VersionGarbage(this.#snapshots);
  readonly #sessions = new SessionRecords();
  readonly #creations = new Map<string, Reader>();
  #nextCollectionId = 1;

  constructor(options: StorageOptions, log: CommitLog) {
    this.#random = options.random;
    this.#log = log;
    this.#timestamps = new TimestampSource(options.clock);
    this.#compileFilter =
      options.compileFilter ??
      (() => {
        throw new MongoError('CannotCreateIndex', 'partial indexes need a filter compiler');
      });
  }

  get lastTimestamp(): number {
    return this.#timestamps.last;
  }

  begin(): StorageTransaction {
    const timestamp = this.#timestamps.last;
    this.#snapshots.open(timestamp);
    return new SnapshotTransaction(this, timestamp);
  }

  databases(): string[] {
    return [...new Set(this.#catalogue.all().map((collection) => databaseOf(collection.namespace)))];
  }

  collections(database: string): CollectionInfo[] {
    return this.#catalogue
      .all()
      .filter((collection) => databaseOf(collection.namespace) === database)
      .map((collection) => collection.info());
  }

  collection(namespace: string): CollectionInfo | undefined {
    return this.#catalogue.get(namespace)?.info();
  }

  dropCollection(namespace: string): { existed: boolean; durable: Promise<void> } {
    const collection = this.#catalogue.get(namespace);
    if (collection === undefined) return { existed: false, durable: this.#log.flush() };
    assertNoWriter(collection);
    const durable = this.#changeCatalogue(
      { kind: 'dropCollection', collectionId: collection.id },
      (timestamp) => this.#catalogue.remove(namespace, timestamp),
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
    const target = this.#catalogue.get(to);
    if (target !== undefined && !dropTarget)
      throw new MongoError('NamespaceExists', 'target namespace exists');
    for (const affected of target === undefined ? [collection] : [collection, target])
      assertNoWriter(affected);
    const change = { kind: 'renameCollection', collectionId: collection.id, namespace: to } as const;
    return {
      durable: this.#changeCatalogue(change, (timestamp) => this.#catalogue.rename(from, to, timestamp)),
    };
  }

  statistics(namespace: string): { documents: number; bytes: number; indexes: Record<string, number> } {
    const collection = this.#catalogue.get(namespace);
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
    return this.#sessions.all();
  }

  forgetSession(sessionId: string): void {
    if (!this.#sessions.forget(sessionId)) return;
    ignoreRejection(
      this.#log.append({
        timestamp: this.#timestamps.next(),
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
    return this.#catalogue.at(namespace, timestamp);
  }

  currentCollection(namespace: string): StoredCollection | undefined {
    return this.#catalogue.get(namespace);
  }

  prepareCollection(namespace: string, options: Document, creator: Reader): StoredCollection {
    const other = this.#creations.get(namespace);
    if (other !== undefined) throw new WriteConflictError(namespace, other.settled);
    this.#creations.set(namespace, creator);
    const uuid = Buffer.from(this.#random.uuid().replaceAll('-', ''), 'hex');
    const collection = new StoredCollection(
      this.#nextCollectionId,
      namespace,
      uuid,
      options,
      this.newIndex(idIndexSpec),
    );
    this.#nextCollectionId += 1;
    return collection;
  }

  newIndex(spec: IndexSpec): OrderedIndex {
    return new OrderedIndex(spec, this.#compileFilter);
  }

  commit(work: TransactionWork): { readonly commitTimestamp: number; readonly durable: Promise<void> } {
    const { catalogue, writes } = loggedWork(work);
    if (catalogue.length === 0 && writes.length === 0 && work.sessionRecords.length === 0) {
      this.#end(work);
      return { commitTimestamp: this.#timestamps.last, durable: Promise.resolve() };
    }
    this.#log.assertWritable();
    const timestamp = this.#timestamps.next();
    this.#end(work);
    for (const collection of work.createdCollections.values()) this.#catalogue.add(collection, timestamp);
    for (const { collection, index } of work.createdIndexes)
      collection.uncommittedIndexes.delete(index.spec.name);
    for (const write of work.writes) {
      if (write.collection.install(write, timestamp, this.#snapshots)) {
        this.#garbage.add(write.collection, write.recordId, timestamp);
      }
    }
    for (const record of work.sessionRecords) this.#sessions.add(record);
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
    this.#snapshots.close(work.reader.snapshotTimestamp);
    this.#catalogue.forget(this.#snapshots.oldest);
    this.#garbage.collect();
  }

  #existing(namespace: string): StoredCollection {
    const collection = this.#catalogue.get(namespace);
    if (collection === undefined) throw new MongoError('NamespaceNotFound', `ns not found ${namespace}`);
    return collection;
  }

  #changeCatalogue(change: CatalogueChange, apply: (timestamp: number) => void): Promise<void> {
    this.#log.assertWritable();
    const timestamp = this.#timestamps.next();
    apply(timestamp);
    this.#catalogue.forget(this.#snapshots.oldest);
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
