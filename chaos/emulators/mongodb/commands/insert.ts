/** insert: stores documents as the bytes they came as, a chunk of them in one commit. */
import { ObjectId } from 'bson';
import { decodeDocument } from '../bson/decode.ts';
import { encodeDocument } from '../bson/encode.ts';
import { MongoError, asMongoError } from '../errors.ts';
import { WriteConflictError } from '../storage/errors.ts';
import type { Document, StorageTransaction } from '../storage/contract.ts';
import { abortAfterErrors, endsCommand, statementIds, checkBatch, writeErrorsReply } from './write-batch.ts';
import type { WriteError } from './write-batch.ts';
import { evictOldest } from './capped-collection.ts';
import type { Command } from './command.ts';
import { incomingDocument } from './incoming-document.ts';
import type { Operation } from './operation.ts';
import { validatorOf } from './validator.ts';
import {
  attachReply,
  ensureCollection,
  keepReply,
  rememberedReply,
  writeStatement,
} from './write-statement.ts';

/** Between chunks others get a turn. */
const chunkDocuments = 1000;

export const insert: Command = {
  name: 'insert',
  kind: 'write',
  refusesViews: true,
  inTransaction: true,
  retryable: true,
  writeConcern: true,
  fields: [
    'documents',
    'ordered',
    'bypassDocumentValidation',
    'bypassEmptyTsReplacement',
    'encryptionInformation',
    'let',
  ],
  run: (operation) => {
    const { namespace, server } = operation;
    operation.arguments.boolean('bypassDocumentValidation');
    const documents = checkBatch(operation, 'documents', documentsOf(operation));
    server.counters.operations.insert += documents.length;
    const batch = new InsertBatch(operation, namespace, documents);
    return documents.length <= chunkDocuments ? batch.runAtOnce() : batch.runInChunks();
  },
};

function documentsOf(operation: Operation): readonly Uint8Array[] | undefined {
  return (
    operation.sequences.get('documents') ?? operation.arguments.documents('documents')?.map(encodeDocument)
  );
}

interface ChunkResult {
  readonly errors: readonly WriteError[];
  readonly inserted: readonly number[];
  readonly isFinished: boolean;
}

class InsertBatch {
  readonly #operation: Operation;
  readonly #namespace: string;
  readonly #documents: readonly Uint8Array[];
  readonly #ordered: boolean;
  readonly #statementId: (index: number) => number;
  readonly #newId: () => ObjectId;
  readonly #errors: WriteError[] = [];
  #count = 0;

  constructor(operation: Operation, namespace: string, documents: readonly Uint8Array[]) {
    this.#operation = operation;
    this.#namespace = namespace;
    this.#documents = documents;
    this.#ordered = operation.arguments.boolean('ordered', true);
    this.#statementId = statementIds(operation);
    this.#newId = () => new ObjectId();
  }

  runAtOnce(): Document | Promise<Document> {
    const result = this.#chunk(0, this.#documents.length);
    if (result instanceof Promise) return result.then((late) => this.#finish(late));
    return this.#finish(result);
  }

  async runInChunks(): Promise<Document> {
    for (let from = 0; from < this.#documents.length; from += chunkDocuments) {
      const result = await this.#chunk(from, Math.min(from + chunkDocuments, this.#documents.length));
      this.#note(result);
      if (result.isFinished) break;
      await this.#operation.server.clock.sleep(0);
    }
    return this.#reply();
  }

  #finish(result: ChunkResult): Document {
    this.#note(result);
    return this.#reply();
  }

  #note(result: ChunkResult): void {
    this.#count += result.inserted.length;
    this.#errors.push(...result.errors);
  }

  #reply(): Document {
    abortAfterErrors(this.#operation, this.#errors);
    return { n: this.#count, ...writeErrorsReply(this.#operation, this.#errors) };
  }

  #chunk(from: number, to: number): ChunkResult | Promise<ChunkResult> {
    const result = writeStatement(this.#operation, (storage) => this.#insert(storage, from, to));
    if (result instanceof Promise) return result.then((late) => this.#keep(late));
    return this.#keep(result);
  }

  #keep(result: ChunkResult): ChunkResult {
    for (const index of result.inserted) keepReply(this.#operation, this.#statementId(index), { n: 1 });
    return result;
  }

  #insert(storage: StorageTransaction, from: number, to: number): ChunkResult {
    const operation = this.#operation;
    const errors: WriteError[] = [];
    const inserted: number[] = [];
    const fresh: number[] = [];
    let isFinished = false;
    ensureCollection(storage, this.#namespace);
    const validate = validatorOf(operation, storage, this.#namespace);
    for (let index = from; index < to && !isFinished; index += 1) {
      const given = this.#documents[index];
      if (given === undefined) break;
      if (rememberedReply(operation, this.#statementId(index)) !== undefined) {
        inserted.push(index);
        continue;
      }
      try {
        const bytes = incomingDocument(given, this.#newId);
        validate?.(decodeDocument(bytes));
        storage.insert(this.#namespace, bytes);
        inserted.push(index);
        fresh.push(index);
      } catch (thrown) {
        if (thrown instanceof WriteConflictError) throw thrown;
        const error = asMongoError(thrown);
        if (endsCommand(operation, error)) throw error;
        errors.push({ index, error });
        isFinished = this.#ordered || operation.transaction !== undefined;
      }
    }
    if (fresh.length > 0) evictOldest(storage, this.#namespace);
    this.#attach(storage, fresh);
    countBytes(operation, this.#documents, fresh);
    return { errors, inserted, isFinished };
  }

  /** One session record for each run of statement ids without a gap. */
  #attach(storage: StorageTransaction, fresh: readonly number[]): void {
    let start = 0;
    fresh.forEach((index, position) => {
      const id = this.#statementId(index);
      const next = fresh[position + 1];
      if (next !== undefined && this.#statementId(next) === id + 1) return;
      const run = position - start + 1;
      attachReply(this.#operation, storage, id - run + 1, { n: 1, run });
      start = position + 1;
    });
  }
}

/** @throws MongoError TransactionTooLarge, as MongoDB bounds what one transaction may write. */
function countBytes(
  { transaction }: Operation,
  documents: readonly Uint8Array[],
  indexes: readonly number[],
): void {
  if (transaction === undefined) return;
  for (const index of indexes) transaction.writtenBytes += documents[index]?.length ?? 0;
  if (transaction.writtenBytes > transactionBytesMax) {
    throw new MongoError(
      'TransactionTooLarge',
      `Total size of all transaction operations must be less than ${transactionBytesMax}`,
    );
  }
}

const transactionBytesMax = 1024 * 1024 * 1024;
