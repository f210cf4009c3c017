/** findAndModify: changes or removes one document and returns it as it was or as it is. */
import { MongoError } from '../errors.ts';
import { decodeDocument } from '../bson/decode.ts';
import { numberOf } from '../query/bson-value.ts';
import { findDocuments } from '../query/plan/find-documents.ts';
import type { Found, Query } from '../query/plan/find-documents.ts';
import { compileProjection } from '../query/projection.ts';
import { compileUpdate } from '../query/update/compile-update.ts';
import type { CompiledUpdate } from '../query/update/compile-update.ts';
import type { Document, StorageTransaction, StoredDocument } from '../storage/contract.ts';
import { RawDocument } from '../wire/reply-writer.ts';
import { updateStored, upsertDocument } from './apply-update.ts';
import type { Command } from './command.ts';
import type { Operation } from './operation.ts';
import { hintOf, queryEnvironment, sortOf } from './query-arguments.ts';
import { timeSeriesOf } from './time-series.ts';
import { validatorOf } from './validator.ts';
import { whenDone } from './write-batch.ts';
import { attachReply, keepReply, rememberedReply, writeStatement } from './write-statement.ts';

export const findAndModify: Command = {
  name: 'findAndModify',
  aliases: ['findandmodify'],
  kind: 'write',
  refusesViews: true,
  inTransaction: true,
  retryable: true,
  writeConcern: true,
  fields: [
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'bypassDocumentValidation',
    'bypassEmptyTsReplacement',
    'collation',
    'arrayFilters',
    'hint',
    'let',
    'encryptionInformation',
  ],
  run: (operation) => {
    const modification = parse(operation);
    const statementId = numberOf(operation.body['stmtId']) ?? 0;
    const remembered = rememberedReply(operation, statementId);
    if (remembered !== undefined) return { ...remembered };
    operation.server.counters.operations.command += 1;
    const reply = writeStatement(operation, (storage) => {
      const made = modify(operation, storage, modification);
      attachReply(operation, storage, statementId, rememberable(made));
      return made;
    });
    return whenDone(reply, (made) => {
      keepReply(operation, statementId, made);
      return { ...made };
    });
  },
};

interface Modification {
  readonly query: Query;
  readonly update: CompiledUpdate | undefined;
  readonly returnsNew: boolean;
  readonly upsert: boolean;
  readonly fields: Document | undefined;
}

function parse(operation: Operation): Modification {
  const { arguments: given, namespace } = operation;
  const environment = queryEnvironment(operation, given, namespace);
  const remove = given.boolean('remove');
  const returnsNew = given.boolean('new');
  const upsert = given.boolean('upsert');
  const update = given.get('update');
  if (!remove && timeSeriesOf(operation, namespace) !== undefined) {
    throw new MongoError(
      'InvalidOptions',
      'Cannot perform a findAndModify with an update on a time-series collection',
    );
  }
  if (remove) {
    if (update !== undefined)
      throw new MongoError('FailedToParse', 'Cannot specify both an update and remove=true');
    if (upsert) throw new MongoError('FailedToParse', 'Cannot specify both upsert=true and remove=true');
    if (returnsNew)
      throw new MongoError(
        'FailedToParse',
        "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
      );
  } else if (update === undefined) {
    throw new MongoError('FailedToParse', 'Either an update or remove=true must be specified');
  }
  return {
    query: {
      namespace,
      filter: given.documentField('query') ?? {},
      sort: sortOf(given, environment.collation),
      hint: hintOf(given),
      skip: 0,
      limit: 1,
      environment,
      needsDetails: true,
    },
    update: remove ? undefined : compileUpdate(update, given.array('arrayFilters') ?? [], environment),
    returnsNew,
    upsert,
    fields: given.documentField('fields'),
  };
}

function modify(operation: Operation, storage: StorageTransaction, modification: Modification): Document {
  const { query, update, returnsNew, upsert } = modification;
  const { namespace } = query;
  const [found] = findDocuments(storage, query);
  if (update === undefined) {
    if (found === undefined) return { lastErrorObject: { n: 0 }, value: null };
    storage.remove(namespace, found.stored);
    return { lastErrorObject: { n: 1 }, value: valueOf(modification, found.stored, found) };
  }
  const target = {
    operation,
    storage,
    namespace,
    update,
    validate: validatorOf(operation, storage, namespace),
  };
  if (found === undefined) {
    if (!upsert) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null };
    const inserted = upsertDocument(target, query.filter);
    const upserted = inserted.document()['_id'];
    return {
      lastErrorObject: { n: 1, updatedExisting: false, upserted },
      value: returnsNew ? valueOf(modification, inserted, undefined) : null,
    };
  }
  const after = updateStored(target, found) ?? found.stored;
  return {
    lastErrorObject: { n: 1, updatedExisting: true },
    value: valueOf(modification, returnsNew ? after : found.stored, found),
  };
}

/** The bytes are copied: those of the storage may be given up after the commit. */
function valueOf({ fields, query }: Modification, stored: StoredDocument, found: Found | undefined): unknown {
  if (fields === undefined || Object.keys(fields).length === 0)
    return new RawDocument(Uint8Array.from(stored.bytes));
  return compileProjection(fields, query.environment).apply(stored.document(), found?.arrayIndex);
}

/** The reply as the journal can hold it. */
function rememberable(reply: Document): Document {
  const value = reply['value'];
  return value instanceof RawDocument ? { ...reply, value: decodeDocument(value.bytes) } : reply;
}
