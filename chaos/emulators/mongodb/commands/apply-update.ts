/** Changes one stored document by a compiled update, or makes the document of an upsert. */
import { ObjectId } from 'bson';
import { RecordingTransaction } from '../changes/recording-transaction.ts';
import { fieldOrder } from '../bson/field-order.ts';
import { decodeDocument } from '../bson/decode.ts';
import { encodeDocument } from '../bson/encode.ts';
import { MongoError } from '../errors.ts';
import { setField } from '../query/bson-value.ts';
import type { Found } from '../query/plan/find-documents.ts';
import type { CompiledUpdate } from '../query/update/compile-update.ts';
import { upsertBase, upsertId } from '../query/update/upsert-base.ts';
import type { Document, StorageTransaction, StoredDocument } from '../storage/contract.ts';
import { checkSize, incomingDocument } from './incoming-document.ts';
import type { Operation } from './operation.ts';
import type { Validate } from './validator.ts';
import { ensureCollection } from './write-statement.ts';

export interface UpdateTarget {
  readonly operation: Operation;
  readonly storage: StorageTransaction;
  readonly namespace: string;
  readonly update: CompiledUpdate;
  readonly validate: Validate | undefined;
}

/** The new version, or undefined when the update changes nothing. */
export function updateStored(target: UpdateTarget, found: Found): StoredDocument | undefined {
  const { operation, storage, namespace, update, validate } = target;
  const before = found.stored.document();
  const after = update.apply(before, {
    clock: operation.server.clock,
    isInsert: false,
    arrayIndex: found.arrayIndex,
  });
  const bytes = encodeDocument(after);
  if (Buffer.compare(bytes, found.stored.bytes) === 0) return undefined;
  checkSize(bytes);
  validate?.(after, before);
  const updated = storage.update(namespace, found.stored, bytes);
  if (update.kind === 'replacement' && storage instanceof RecordingTransaction) storage.markReplacement();
  return updated;
}

/** Inserts the document that the filter and the update describe. */
export function upsertDocument(target: UpdateTarget, filter: Document): StoredDocument {
  const { operation, storage, namespace, update, validate } = target;
  const base = update.kind === 'replacement' ? replacementBase(filter) : upsertBase(filter);
  const made = update.apply(base, { clock: operation.server.clock, isInsert: true, arrayIndex: undefined });
  const bytes = incomingDocument(encodeDocument(withIdFirst(made)), () => new ObjectId());
  validate?.(decodeDocument(bytes));
  ensureCollection(storage, namespace);
  return storage.insert(namespace, bytes);
}

function replacementBase(filter: Document): Document {
  const id = upsertId(filter);
  return id === undefined ? {} : { _id: id };
}

function withIdFirst(document: Document): Document {
  if (document['_id'] === undefined) return document;
  const result: Document = { _id: document['_id'] };
  for (const name of Object.keys(document)) if (name !== '_id') setField(result, name, document[name]);
  if (fieldOrder in document) Object.assign(result, { [fieldOrder]: document[fieldOrder] });
  return result;
}

/** @throws MongoError FailedToParse. */
export function refuseMultiReplacement(update: CompiledUpdate, multi: boolean): void {
  if (multi && update.kind === 'replacement') {
    throw new MongoError('FailedToParse', 'multi update is not supported for replacement-style update');
  }
}
