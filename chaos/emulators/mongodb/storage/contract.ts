/**
 * What the commands may ask of the storage engine. Everything but durability is synchronous: Node runs one
 * command at a time, so a snapshot is a timestamp and a conflict is known at once.
 */
export type Document = Record<string, unknown>;

/**
 * One version of one document: its BSON as stored, decoded on first use with BSON types kept (see bson/decode.ts). The
 * decoded document belongs to this object alone, and the bytes stay what they are as long as somebody holds them.
 */
export interface StoredDocument {
  readonly bytes: Uint8Array;
  readonly recordId: number;
  document(): Document;
}

/** What an index keeps of a field: its values in order, or what the kind of index needs. */
export type IndexDirection = 1 | -1 | '2d' | '2dsphere' | 'hashed' | 'text';

/** `key` is ordered. `partialFilterExpression` and `collation` as given by the client, the latter with its defaults. */
export interface IndexSpec {
  readonly name: string;
  readonly key: Readonly<Record<string, IndexDirection>>;
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partialFilterExpression?: Document;
  readonly expireAfterSeconds?: number;
  readonly collation?: Document;
  /** Maintained, but not chosen for queries. */
  readonly hidden?: boolean;
  /** New duplicates are refused; the index is not unique yet. */
  readonly prepareUnique?: boolean;
  /** Options of one kind of index only, as listIndexes shows them: `weights`, `2dsphereIndexVersion`, `wildcardProjection`. */
  readonly kindOptions?: Document;
}

/** What may change about a collection that exists. */
export interface CollectionChange {
  readonly options?: Document;
  /** Takes the place of the index of the same name and key. */
  readonly index?: IndexSpec;
}

/**
 * One bound of an index scan over the leading fields; values are BSON values as decoded. `lower` and `upper` are in the
 * order of the values, also where a field of the index descends; an empty list is no bound. The walk is in the index's
 * own order, backwards with `reverse`.
 */
export interface IndexRange {
  readonly lower: readonly unknown[];
  readonly lowerInclusive: boolean;
  readonly upper: readonly unknown[];
  readonly upperInclusive: boolean;
  readonly reverse: boolean;
}

export interface CollectionInfo {
  readonly namespace: string;
  readonly uuid: Uint8Array;
  readonly options: Document;
  readonly indexes: readonly IndexSpec[];
  /** Names of the indexes that hold several entries for some document, because an array lies on a path of theirs. */
  readonly multikey?: readonly string[];
}

/** Thrown by a write that meets an uncommitted or newer version (first updater wins). `settled` resolves when the other transaction ended. */
export interface WriteConflict {
  readonly namespace: string;
  readonly settled: Promise<void>;
}

/**
 * A unit of reading and writing at one snapshot. Reads see the snapshot and the unit's own writes; a scan goes on over
 * changes made meanwhile and gives no document twice. End every transaction, also one that only reads: old versions
 * are kept for it as long as it is active, and reading after its end is an error.
 * Writes throw `WriteConflictError` at once, duplicate keys `MongoError` 11000 with keyPattern and keyValue.
 */
export interface StorageTransaction {
  readonly snapshotTimestamp: number;
  readonly state: 'active' | 'committed' | 'aborted';
  find(namespace: string, id: unknown): StoredDocument | undefined;
  /** All documents with this `_id`: more than one only in a time series, where it need not be unique. */
  findAll(namespace: string, id: unknown): Iterable<StoredDocument>;
  scan(namespace: string): IterableIterator<StoredDocument>;
  scanIndex(
    namespace: string,
    indexName: string,
    ranges: readonly IndexRange[],
  ): IterableIterator<StoredDocument>;
  insert(namespace: string, bytes: Uint8Array): StoredDocument;
  update(namespace: string, current: StoredDocument, bytes: Uint8Array): StoredDocument;
  remove(namespace: string, current: StoredDocument): void;
  createCollection(namespace: string, options: Document): CollectionInfo;
  createIndex(namespace: string, spec: IndexSpec): void;
  collection(namespace: string): CollectionInfo | undefined;
  /** A collection's options, at less cost than `collection`. */
  options(namespace: string): Document | undefined;
  /** Records kept with the commit in the journal and given back at replay (results of retryable writes, committed transactions). */
  attachSessionRecord(record: SessionRecord): void;
  /** Makes the writes visible; `durable` resolves after the journal holding them was fsynced. */
  commit(): { readonly commitTimestamp: number; readonly durable: Promise<void> };
  abort(): void;
}

/** Durable memory of a retryable write or committed transaction, for the answer to a repetition, also after a crash. */
export interface SessionRecord {
  readonly sessionId: string;
  readonly transactionNumber: bigint;
  readonly statementId: number;
  readonly reply: Document;
}

/**
 * Dropping, renaming and creating an index on a collection in which another transaction has uncommitted writes throw
 * `WriteConflictError`; its `settled` says when to try again. After the journal failed every commit throws.
 */
export interface StorageEngine extends AsyncDisposable {
  begin(): StorageTransaction;
  readonly lastTimestamp: number;
  databases(): string[];
  collections(database: string): CollectionInfo[];
  collection(namespace: string): CollectionInfo | undefined;
  /** Options and UUID of a collection, at less cost than `collection`. */
  identity(namespace: string): Pick<CollectionInfo, 'options' | 'uuid'> | undefined;
  modifyCollection(namespace: string, change: CollectionChange): { durable: Promise<void> };
  dropCollection(namespace: string): { existed: boolean; durable: Promise<void> };
  dropIndex(namespace: string, name: string): { durable: Promise<void> };
  renameCollection(from: string, to: string, dropTarget: boolean): { durable: Promise<void> };
  /** Documents, bytes and index entries of a collection, for count, collStats and dbStats. */
  statistics(namespace: string): { documents: number; bytes: number; indexes: Record<string, number> };
  /** Session records replayed at start and kept since, newest transaction number of each session. */
  sessionRecords(): IterableIterator<SessionRecord>;
  forgetSession(sessionId: string): void;
  /**
   * Resolves when everything committed so far is fsynced. Commits are visible before they are durable: whoever promises
   * that what was read will not be lost (read concern majority) awaits this after reading.
   */
  flush(): Promise<void>;
}
