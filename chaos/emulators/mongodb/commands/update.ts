/** update: a batch of update statements, each for one document or for all that match. */
import { MongoError, asMongoError } from '../errors.ts';
import { findDocuments } from '../query/plan/find-documents.ts';
import type { Query } from '../query/plan/find-documents.ts';
import { compileUpdate } from '../query/update/compile-update.ts';
import type { CompiledUpdate } from '../query/update/compile-update.ts';
import type { Document, StorageTransaction } from '../storage/contract.ts';
import { WriteConflictError } from '../storage/errors.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';
import { refuseMultiReplacement, updateStored, upsertDocument } from './apply-update.ts';
import { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import type { Operation } from './operation.ts';
import { hintOf, queryEnvironment, sortOf } from './query-arguments.ts';
import { checkSeriesUpdate, timeSeriesOf } from './time-series.ts';
import { validatorOf } from './validator.ts';
import {
  abortAfterErrors,
  runStatements,
  statementIds,
  statementsOf,
  whenDone,
  writeErrorsReply,
} from './write-batch.ts';
import { attachReply, keepReply, rememberedReply, writeStatement } from './write-statement.ts';

const statementFields = new Set([
  'q',
  'u',
  'c',
  'multi',
  'upsert',
  'collation',
  'arrayFilters',
  'hint',
  'upsertSupplied',
  'sampleId',
  'allowShardKeyUpdatesWithoutFullShardKeyInQuery',
]);

/** MongoDB 8.0 sorts before it updates one; in `update` of MongoDB 7 there is no such field. */
const bulkStatementFields: ReadonlySet<string> = new Set([...statementFields, 'sort']);

export const update: Command = {
  name: 'update',
  kind: 'write',
  refusesViews: true,
  inTransaction: true,
  retryable: true,
  writeConcern: true,
  fields: [
    'updates',
    'ordered',
    'bypassDocumentValidation',
    'bypassEmptyTsReplacement',
    'let',
    'encryptionInformation',
  ],
  run: (operation) => {
    const { namespace } = operation;
    const statements = statementsOf(operation, 'updates').map((statement) =>
      parseStatement(operation, namespace, statement),
    );
    operation.server.counters.operations.update += statements.length;
    const statementId = statementIds(operation);
    const total = { n: 0, nModified: 0, upserted: new Array<Document>() };
    const errors = runStatements(operation, statements.length, (index) => {
      const statement = statements[index];
      if (statement === undefined) return undefined;
      return whenDone(runStatement(operation, statement, statementId(index)), (result) => {
        total.n += result.n;
        total.nModified += result.nModified;
        if (result.upsertedId !== undefined) total.upserted.push({ index, _id: result.upsertedId });
        if (result.error !== undefined) throw result.error;
      });
    });
    return whenDone(errors, (found) => {
      abortAfterErrors(operation, found);
      return {
        n: total.n,
        ...(total.upserted.length > 0 ? { upserted: total.upserted } : {}),
        nModified: total.nModified,
        ...writeErrorsReply(operation, found),
      };
    });
  },
};

interface UpdateStatement {
  readonly query: Query;
  readonly update: CompiledUpdate | MongoError;
  readonly multi: boolean;
  readonly upsert: boolean;
}

interface UpdateResult {
  readonly n: number;
  readonly nModified: number;
  readonly upsertedId: unknown;
  readonly error: MongoError | undefined;
}

function parseStatement(operation: Operation, namespace: string, statement: Document): UpdateStatement {
  const given = new Arguments(statement, 'update.updates');
  given.refuseUnknown(operation.isPartOfBulk ? bulkStatementFields : statementFields);
  const multi = given.boolean('multi');
  if (multi && operation.retryNumber !== undefined) {
    throw new MongoError('InvalidOptions', 'Cannot use (or request) retryable writes with multi=true');
  }
  if (statement['u'] === undefined) given.requiredDocument('u');
  const constants = given.documentField('c');
  const base = queryEnvironment(operation, given, namespace);
  const environment =
    constants === undefined ? base : { ...base, variables: { ...base.variables, ...constants } };
  const arrayFilters = given.array('arrayFilters') ?? [];
  const upsert = given.boolean('upsert');
  if (multi && given.get('sort') !== undefined) {
    throw new MongoError('FailedToParse', 'Cannot specify sort with multi=true');
  }
  const series = timeSeriesOf(operation, namespace);
  if (series !== undefined) {
    checkSeriesUpdate(series, { q: given.requiredDocument('q'), u: statement['u'], multi, upsert });
  }
  const query: Query = {
    namespace,
    filter: given.requiredDocument('q'),
    sort: multi ? undefined : sortOf(given, environment.collation),
    hint: hintOf(given),
    skip: 0,
    limit: multi ? 0 : 1,
    environment,
    needsDetails: true,
  };
  return {
    query,
    update: compiledOrError(statement['u'], arrayFilters, environment, multi),
    multi,
    upsert,
  };
}

/** The error of one statement must not keep the statements before it from being carried out. */
function compiledOrError(
  u: unknown,
  arrayFilters: readonly unknown[],
  environment: Query['environment'],
  multi: boolean,
): CompiledUpdate | MongoError {
  try {
    if (!isDocument(u) && !Array.isArray(u)) {
      throw new MongoError('FailedToParse', 'Update argument must be either an object or an array');
    }
    const compiled = compileUpdate(u, arrayFilters, environment);
    refuseMultiReplacement(compiled, multi);
    return compiled;
  } catch (thrown) {
    return asMongoError(thrown);
  }
}

function runStatement(
  operation: Operation,
  statement: UpdateStatement,
  statementId: number,
): UpdateResult | Promise<UpdateResult> {
  const remembered = rememberedReply(operation, statementId);
  if (remembered !== undefined) {
    return {
      n: numberOf(remembered['n']) ?? 0,
      nModified: numberOf(remembered['nModified']) ?? 0,
      upsertedId: remembered['upsertedId'],
      error: undefined,
    };
  }
  if (statement.update instanceof MongoError) throw statement.update;
  const result = writeStatement(operation, (storage) => {
    const outcome = updateMatching(operation, storage, statement);
    if (outcome.error === undefined) attachReply(operation, storage, statementId, replyOf(outcome));
    return outcome;
  });
  return whenDone(result, (outcome) => {
    if (outcome.error === undefined) keepReply(operation, statementId, replyOf(outcome));
    return outcome;
  });
}

function replyOf({ n, nModified, upsertedId }: UpdateResult): Document {
  return { n, nModified, ...(upsertedId === undefined ? {} : { upsertedId }) };
}

/** An error in the middle keeps what was changed before it, as each document of a multi-update is a write of its own. */
function updateMatching(
  operation: Operation,
  storage: StorageTransaction,
  statement: UpdateStatement,
): UpdateResult {
  const { query, update: compiled, multi, upsert } = statement;
  if (compiled instanceof MongoError) throw compiled;
  const target = {
    operation,
    storage,
    namespace: query.namespace,
    update: compiled,
    validate: validatorOf(operation, storage, query.namespace),
  };
  const found = [...findDocuments(storage, query)];
  if (found.length === 0) {
    if (!upsert) return { n: 0, nModified: 0, upsertedId: undefined, error: undefined };
    const inserted = upsertDocument(target, query.filter);
    return { n: 1, nModified: 0, upsertedId: inserted.document()['_id'], error: undefined };
  }
  let n = 0;
  let nModified = 0;
  for (const item of found) {
    try {
      if (updateStored(target, item) !== undefined) nModified += 1;
      n += 1;
    } catch (thrown) {
      if (thrown instanceof WriteConflictError || !multi || nModified === 0) throw thrown;
      return { n: 0, nModified: 0, upsertedId: undefined, error: asMongoError(thrown) };
    }
  }
  return { n, nModified, upsertedId: undefined, error: undefined };
}
