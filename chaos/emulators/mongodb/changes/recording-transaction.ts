/** A storage transaction that remembers its writes, for the change log. */
import type {
  CollectionInfo,
  Document,
  IndexRange,
  IndexSpec,
  SessionRecord,
  StorageTransaction,
  StoredDocument,
} from '../storage/contract.ts';
import { describeIndex } from '../storage/index-description.ts';
import type { WriteRecord } from './change.ts';

export class RecordingTransaction implements StorageTransaction {
  readonly writes: WriteRecord[] = [];
  readonly #inner: StorageTransaction;
  readonly #onCommit: (writes: readonly WriteRecord[]) => void;

  constructor(inner: StorageTransaction, onCommit: (writes: readonly WriteRecord[]) => void) {
    this.#inner = inner;
    this.#onCommit = onCommit;
  }

  get snapshotTimestamp(): number {
    return this.#inner.snapshotTimestamp;
  }

  get state(): StorageTransaction['state'] {
    return this.#inner.state;
  }

  find(namespace: string, id: unknown): StoredDocument | undefined {
    return this.#inner.find(namespace, id);
  }

  findAll(namespace: string, id: unknown): Iterable<StoredDocument> {
    return this.#inner.findAll(namespace, id);
  }

  scan(namespace: string): IterableIterator<StoredDocument> {
    return this.#inner.scan(namespace);
  }

  scanIndex(
    namespace: string,
    indexName: string,
    ranges: readonly IndexRange[],
  ): IterableIterator<StoredDocument> {
    return this.#inner.scanIndex(namespace, indexName, ranges);
  }

  insert(namespace: string, bytes: Uint8Array): StoredDocument {
    const inserted = this.#inner.insert(namespace, bytes);
    this.writes.push({ kind: 'insert', namespace, before: undefined, after: inserted.bytes });
    return inserted;
  }

  update(namespace: string, current: StoredDocument, bytes: Uint8Array): StoredDocument {
    const updated = this.#inner.update(namespace, current, bytes);
    this.writes.push({ kind: 'update', namespace, before: current.bytes, after: updated.bytes });
    return updated;
  }

  /** The last update was a replacement of the whole document. */
  markReplacement(): void {
    const last = this.writes.pop();
    if (last !== undefined) this.writes.push({ ...last, isReplacement: true });
  }

  remove(namespace: string, current: StoredDocument): void {
    this.#inner.remove(namespace, current);
    this.writes.push({ kind: 'delete', namespace, before: current.bytes, after: undefined });
  }

  createCollection(namespace: string, options: Document): CollectionInfo {
    const created = this.#inner.createCollection(namespace, options);
    const description = { ...options, idIndex: { v: 2, key: { _id: 1 }, name: '_id_' } };
    const { uuid } = created;
    this.writes.push({ kind: 'create', namespace, before: undefined, after: undefined, description, uuid });
    return created;
  }

  createIndex(namespace: string, spec: IndexSpec): void {
    this.#inner.createIndex(namespace, spec);
    const description = { indexes: [describeIndex(spec)] };
    this.writes.push({ kind: 'createIndexes', namespace, before: undefined, after: undefined, description });
  }

  collection(namespace: string): CollectionInfo | undefined {
    return this.#inner.collection(namespace);
  }

  options(namespace: string): Document | undefined {
    return this.#inner.options(namespace);
  }

  attachSessionRecord(record: SessionRecord): void {
    this.#inner.attachSessionRecord(record);
  }

  commit(): ReturnType<StorageTransaction['commit']> {
    const result = this.#inner.commit();
    this.#onCommit(this.writes);
    return result;
  }

  abort(): void {
    this.#inner.abort();
  }
}
