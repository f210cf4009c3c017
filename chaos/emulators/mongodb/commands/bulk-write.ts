/**
 * bulkWrite (MongoDB 8.0): inserts, updates and deletes of several collections in one command. Each operation is carried
 * out by the command of its kind; the replies become the documents of a cursor.
 */
import { Double } from 'bson';
import { authorizeWrites } from '../auth/authorization.ts';
import { decodeDocument } from '../bson/decode.ts';
import { encodeDocument } from '../bson/encode.ts';
import { firstBatch } from '../cursors/batch.ts';
import { MongoError, asMongoError, locationError } from '../errors.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import { RawDocument } from '../wire/reply-writer.ts';
import { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { deleteCommand } from './delete.ts';
import { insert } from './insert.ts';
import { collectionOf, databaseOf, namespaceOf } from './namespace.ts';
import { Operation } from './operation.ts';
import { update } from './update.ts';
import { endsCommand, writeBatchMax } from './write-batch.ts';
import { isViewOptions, viewError } from './views.ts';

export const bulkWrite: Command = {
  name: 'bulkWrite',
  kind: 'write',
  inTransaction: true,
  retryable: true,
  writeConcern: true,
  adminOnly: true,
  fields: [
    'ops',
    'nsInfo',
    'ordered',
    'errorsOnly',
    'bypassDocumentValidation',
    'bypassEmptyTsReplacement',
    'cursor',
    'let',
  ],
  run: async (operation) => {
    const { arguments: given } = operation;
    const namespaces = documentsOf(operation, 'nsInfo').map(namespaceIn);
    authorizeWrites(operation, namespaces.map(databaseOf));
    const statements = documentsOf(operation, 'ops').map((op) => parseOperation(op, namespaces));
    const bulk = new Bulk(operation, given.boolean('ordered', true), given.boolean('errorsOnly'));
    for (const [index, statement] of statements.entries()) {
      if (!(await bulk.run(index, statement))) break;
    }
    return bulk.reply();
  },
};

function documentsOf(operation: Operation, field: string): readonly Document[] {
  const documents =
    operation.sequences.get(field)?.map((bytes) => decodeDocument(bytes)) ??
    operation.arguments.documents(field);
  if (documents === undefined) {
    throw locationError(40414, `BSON field 'bulkWrite.${field}' is missing but a required field`);
  }
  if (documents.length > 0 && documents.length <= writeBatchMax) return documents;
  if (field === 'nsInfo' && documents.length === 0) {
    throw new MongoError('BadValue', 'bulkWrite.nsInfo must name at least one namespace');
  }
  throw new MongoError(
    'InvalidLength',
    `Write batch sizes must be between 1 and ${writeBatchMax}. Got ${documents.length} operations.`,
  );
}

const namespaceFields = new Set(['ns', 'collectionUUID', 'encryptionInformation', 'isTimeseriesNamespace']);

function namespaceIn(info: Document): string {
  const given = new Arguments(info, 'bulkWrite.nsInfo');
  given.refuseUnknown(namespaceFields);
  const namespace = given.requiredString('ns');
  if (!namespace.includes('.')) {
    throw new MongoError('InvalidNamespace', `Invalid namespace specified for bulkWrite: '${namespace}'`);
  }
  return namespaceOf(databaseOf(namespace), collectionOf(namespace));
}

interface Statement {
  readonly namespace: string;
  readonly command: Command;
  /** Field of the command that takes the statement, and the statement. */
  readonly field: 'documents' | 'updates' | 'deletes';
  readonly statement: Document;
}

const operationFields = {
  insert: new Set(['insert', 'document']),
  update: new Set([
    'update',
    'filter',
    'updateMods',
    'multi',
    'upsert',
    'upsertSupplied',
    'arrayFilters',
    'collation',
    'constants',
    'hint',
    'sort',
  ]),
  delete: new Set(['delete', 'filter', 'multi', 'hint', 'collation']),
} as const;

/** @throws MongoError FailedToParse, BadValue, 40414, 40415. */
function parseOperation(op: Document, namespaces: readonly string[]): Statement {
  const [kind] = Object.keys(op);
  if (kind !== 'insert' && kind !== 'update' && kind !== 'delete') {
    throw locationError(40415, `BSON field 'bulkWrite.ops.${kind ?? ''}' is an unknown field.`);
  }
  const given = new Arguments(op, `bulkWrite.${kind}`);
  given.refuseUnknown(operationFields[kind]);
  const namespace = namespaces[given.number(kind) ?? -1];
  if (namespace === undefined) {
    throw new MongoError('BadValue', `BulkWrite ops entry ${String(op[kind])} has an invalid nsInfo index.`);
  }
  switch (kind) {
    case 'insert':
      return {
        namespace,
        command: insert,
        field: 'documents',
        statement: given.requiredDocument('document'),
      };
    case 'update': {
      const { filter, updateMods, multi, upsert, arrayFilters, collation, constants, hint, sort } = op;
      if (updateMods === undefined) given.requiredDocument('updateMods');
      if (filter === undefined) given.requiredDocument('filter');
      const statement = {
        q: filter,
        u: updateMods,
        multi,
        upsert,
        arrayFilters,
        collation,
        c: constants,
        hint,
        sort,
      };
      return { namespace, command: update, field: 'updates', statement: withoutMissing(statement) };
    }
    case 'delete': {
      const { collation, hint } = op;
      const limit = given.boolean('multi') ? 0 : 1;
      const statement = { q: given.requiredDocument('filter'), limit, collation, hint };
      return { namespace, command: deleteCommand, field: 'deletes', statement: withoutMissing(statement) };
    }
  }
}

function withoutMissing(document: Document): Document {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
}

class Bulk {
  readonly #operation: Operation;
  readonly #isOrdered: boolean;
  readonly #errorsOnly: boolean;
  readonly #results: Document[] = [];
  readonly #counts = { nErrors: 0, nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 };

  constructor(operation: Operation, isOrdered: boolean, errorsOnly: boolean) {
    this.#operation = operation;
    this.#isOrdered = isOrdered;
    this.#errorsOnly = errorsOnly;
  }

  /** False when the rest is not to be run. */
  async run(index: number, statement: Statement): Promise<boolean> {
    const operation = this.#operation;
    try {
      const options = operation.server.engine.identity(statement.namespace)?.options;
      if (isViewOptions(options)) throw viewError(statement.namespace);
      const inner = innerOperation(operation, statement, index);
      const reply = await statement.command.run(inner);
      operation.durable = inner.durable ?? operation.durable;
      operation.operationTime = inner.operationTime ?? operation.operationTime;
      const failure: unknown = Array.isArray(reply['writeErrors']) ? reply['writeErrors'][0] : undefined;
      if (isDocument(failure)) {
        const { index: _index, ...error } = failure;
        return this.#fail(index, error);
      }
      this.#note(index, statement, reply);
      return true;
    } catch (thrown) {
      const error = asMongoError(thrown);
      if (endsCommand(operation, error)) throw error;
      return this.#fail(index, { code: error.code, errmsg: error.message, ...error.fields });
    }
  }

  #fail(idx: number, error: Document): boolean {
    this.#counts.nErrors += 1;
    this.#results.push({ ok: new Double(0), idx, ...error, n: 0 });
    return !this.#isOrdered && this.#operation.transaction === undefined;
  }

  #note(idx: number, { command }: Statement, reply: Document): void {
    const n = numberOf(reply['n']) ?? 0;
    const counts = this.#counts;
    const result: Document = { ok: new Double(1), idx, n };
    if (command === insert) counts.nInserted += n;
    else if (command === deleteCommand) counts.nDeleted += n;
    else {
      const upserted: unknown = Array.isArray(reply['upserted']) ? reply['upserted'][0] : undefined;
      const nModified = numberOf(reply['nModified']) ?? 0;
      result['nModified'] = nModified;
      if (isDocument(upserted)) {
        result['upserted'] = { _id: upserted['_id'] };
        counts.nUpserted += 1;
      } else counts.nMatched += n;
      counts.nModified += nModified;
    }
    if (!this.#errorsOnly) this.#results.push(result);
  }

  reply(): Document {
    const operation = this.#operation;
    const cursor = operation.arguments.documentField('cursor') ?? {};
    const documents = this.#results.map((result) => new RawDocument(encodeDocument(result))).values();
    const { nErrors, ...counts } = this.#counts;
    return {
      ...firstBatch(operation, {
        namespace: 'admin.$cmd.bulkWrite',
        source: { documents, close: () => undefined },
        batchSize:
          new Arguments(cursor, 'bulkWrite.cursor').nonNegativeInteger('batchSize') ??
          Number.POSITIVE_INFINITY,
        singleBatch: false,
        noTimeout: false,
      }),
      nErrors,
      ...counts,
    };
  }
}

/** The statement as a command of its own, in the session and transaction of the whole. */
function innerOperation(operation: Operation, statement: Statement, index: number): Operation {
  const { body } = operation;
  const first = numberOf(body['stmtId']) ?? 0;
  const given = body['stmtIds'];
  const stmtId: unknown = Array.isArray(given) ? given[index] : first + index;
  const inner = new Operation({
    server: operation.server,
    connection: operation.connection,
    command: statement.command,
    database: databaseOf(statement.namespace),
    sequences: new Map(),
    exhaustAllowed: false,
    body: withoutMissing({
      [statement.command.name]: collectionOf(statement.namespace),
      [statement.field]: [statement.statement],
      bypassDocumentValidation: body['bypassDocumentValidation'],
      let: body['let'],
      stmtId,
    }),
  });
  inner.session = operation.session;
  inner.transaction = operation.transaction;
  inner.retryNumber = operation.retryNumber;
  inner.writeConcern = operation.writeConcern;
  inner.isPartOfBulk = true;
  return inner;
}
