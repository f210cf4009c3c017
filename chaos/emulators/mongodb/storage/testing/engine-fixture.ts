/** Shortens what tests of the storage engine do over and over. */
import { systemClock } from '../../../../clock.ts';
import { seededRandom } from '../../../../random.ts';
import { encodeDocument } from '../../bson/encode.ts';
import type { Document, IndexRange, IndexSpec, StorageEngine, StorageTransaction } from '../contract.ts';
import { openStorageEngine, type StorageOptions } from '../engine.ts';

export const namespace = 'test.documents';

export function openTestEngine(options: Partial<StorageOptions> = {}): Promise<StorageEngine> {
  return openStorageEngine({
    folder: undefined,
    clock: systemClock,
    random: seededRandom('test'),
    ...options,
  });
}

/** Runs `work` in a transaction of its own and commits it; aborts when it throws. */
export function inTransaction<T>(engine: StorageEngine, work: (transaction: StorageTransaction) => T): T {
  const transaction = engine.begin();
  try {
    const result = work(transaction);
    transaction.commit();
    return result;
  } catch (error) {
    transaction.abort();
    throw error;
  }
}

/** An engine with the collection `namespace`, its indexes and documents. */
export async function engineWith(
  documents: readonly Document[],
  indexes: readonly Partial<IndexSpec>[] = [],
  options: Partial<StorageOptions> = {},
): Promise<StorageEngine> {
  const engine = await openTestEngine(options);
  inTransaction(engine, (transaction) => {
    transaction.createCollection(namespace, {});
    for (const index of indexes) transaction.createIndex(namespace, indexSpec(index));
    for (const document of documents) put(transaction, document);
  });
  return engine;
}

export function indexSpec(given: Partial<IndexSpec>): IndexSpec {
  const key = given.key ?? { a: 1 };
  const name = Object.entries(key).flat().join('_');
  return { name, key, unique: false, sparse: false, ...given };
}

/** Inserts the document, or replaces the one with its `_id`. */
export function put(transaction: StorageTransaction, document: Document): void {
  const current = transaction.find(namespace, document['_id']);
  const bytes = encodeDocument(document);
  if (current === undefined) transaction.insert(namespace, bytes);
  else transaction.update(namespace, current, bytes);
}

/** False when there is no such document. */
export function remove(transaction: StorageTransaction, id: unknown): boolean {
  const current = transaction.find(namespace, id);
  if (current !== undefined) transaction.remove(namespace, current);
  return current !== undefined;
}

export function read(transaction: StorageTransaction, id: unknown): Document | undefined {
  return transaction.find(namespace, id)?.document();
}

export function readAll(transaction: StorageTransaction): Document[] {
  return Array.from(transaction.scan(namespace), (found) => found.document());
}

/** Documents of the whole index, or of a range of it. */
export function readIndex(
  transaction: StorageTransaction,
  name: string,
  range: Partial<IndexRange> = {},
): Document[] {
  return Array.from(transaction.scanIndex(namespace, name, [indexRange(range)]), (found) => found.document());
}

export function indexRange(given: Partial<IndexRange>): IndexRange {
  return { lower: [], lowerInclusive: true, upper: [], upperInclusive: true, reverse: false, ...given };
}
