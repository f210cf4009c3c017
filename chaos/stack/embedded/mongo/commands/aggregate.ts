/** aggregate: runs a pipeline over a collection, or over none (`aggregate: 1`), and replies with its first batch. */
import { encodeDocument } from '../bson/encode.ts';
import { compilePipeline, parsePipeline } from '../aggregation/pipeline.ts';
import type { Documents, PipelineContext, StageSpecification } from '../aggregation/pipeline.ts';
import { firstBatch } from '../cursors/batch.ts';
import { MongoError, locationError } from '../errors.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';
import { findDocuments } from '../query/plan/find-documents.ts';
import type { Query } from '../query/plan/find-documents.ts';
import { compileSort } from '../query/sort.ts';
import type { Document, StorageTransaction } from '../storage/contract.ts';
import { RawDocument } from '../wire/reply-writer.ts';
import { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { namespaceOf } from './namespace.ts';
import type { Operation } from './operation.ts';
import { runOutput, isOutputStage } from './aggregate-output.ts';
import { collectionlessSource } from './aggregate-sources.ts';
import { hintOf, refuseCollation } from './query-arguments.ts';

export const aggregate: Command = {
  name: 'aggregate',
  kind: 'read',
  inTransaction: true,
  writeConcern: true,
  readConcernLevels: ['local', 'available', 'majority', 'linearizable', 'snapshot'],
  fields: [
    'pipeline',
    'cursor',
    'explain',
    'allowDiskUse',
    'bypassDocumentValidation',
    'collation',
    'hint',
    'let',
    'fromMongos',
    'needsMerge',
    'isMapReduceCommand',
    'encryptionInformation',
  ],
  run: (operation) => {
    operation.server.counters.operations.command += 1;
    const { arguments: given } = operation;
    refuseCollation(given);
    const cursor = given.documentField('cursor');
    if (cursor === undefined && !given.boolean('explain')) {
      throw new MongoError(
        'FailedToParse',
        "The 'cursor' option is required, except for aggregate with the explain argument",
      );
    }
    const stages = parsePipeline(given.array('pipeline') ?? (given.requiredDocument('pipeline') as never));
    const namespace = aggregateNamespace(operation);
    const last = stages.at(-1);
    const outputAt = stages.findIndex(isOutputStage);
    if (outputAt !== -1 && outputAt !== stages.length - 1) {
      throw locationError(40601, `${stages[outputAt]?.name} can only be the final stage in the pipeline`);
    }
    const snapshot = operation.snapshot();
    if (last !== undefined && isOutputStage(last)) {
      return runOutput(
        operation,
        last,
        (storage) => runPipeline(operation, storage, namespace, stages.slice(0, -1)),
        namespace,
      );
    }
    const documents = runPipeline(operation, snapshot, namespace, stages);
    const iterator = documents[Symbol.iterator]();
    const ownsSnapshot = operation.transaction === undefined && operation.readConcern.level !== 'snapshot';
    return firstBatch(operation, {
      namespace,
      batchSize:
        cursor === undefined
          ? undefined
          : new Arguments(cursor, 'aggregate.cursor').nonNegativeInteger('batchSize'),
      singleBatch: false,
      noTimeout: false,
      source: {
        documents: encoded(iterator),
        close: () => {
          if (ownsSnapshot) snapshot.abort();
        },
      },
    });
  },
};

function* encoded(documents: Iterator<Document>): Generator<RawDocument> {
  for (let next = documents.next(); next.done !== true; next = documents.next()) {
    yield new RawDocument(encodeDocument(next.value));
  }
}

function aggregateNamespace(operation: Operation): string {
  const target = operation.body['aggregate'];
  if (typeof target === 'string') return operation.namespace;
  if (numberOf(target) === 1) return `${operation.database}.$cmd.aggregate`;
  throw new MongoError(
    'FailedToParse',
    "Invalid command format: the 'aggregate' field must specify a collection name or 1",
  );
}

export function runPipeline(
  operation: Operation,
  storage: StorageTransaction,
  namespace: string,
  stages: readonly StageSpecification[],
): Documents {
  const { environment, server, database } = operation;
  const readCollection = (collection: string, filter: Document): Documents =>
    documentsOf(storage, { ...emptyQuery(namespaceOf(database, collection)), filter, environment });
  const context: PipelineContext = { environment, readCollection, random: server.random };
  const special = collectionlessSource(operation, namespace, stages);
  if (special !== undefined) return compilePipeline(stages.slice(1), context)(special);
  const { query, rest } = leadingQuery(operation, namespace, stages);
  return compilePipeline(rest, context)(documentsOf(storage, query));
}

function* documentsOf(storage: StorageTransaction, query: Query): Iterable<Document> {
  for (const { stored } of findDocuments(storage, query)) yield stored.document();
}

function emptyQuery(namespace: string): Query {
  return {
    namespace,
    filter: {},
    sort: undefined,
    hint: undefined,
    skip: 0,
    limit: 0,
    environment: {},
    needsDetails: false,
  };
}

/** The first `$match` and `$sort` are asked of the storage, which may have an index for them. */
export function leadingQuery(
  operation: Operation,
  namespace: string,
  stages: readonly StageSpecification[],
): { query: Query; rest: readonly StageSpecification[] } {
  let query: Query = {
    ...emptyQuery(namespace),
    environment: operation.environment,
    hint: hintOf(operation.arguments),
  };
  let rest = stages;
  const [first] = rest;
  if (first?.name === '$match' && isDocument(first.operand)) {
    query = { ...query, filter: first.operand };
    rest = rest.slice(1);
  }
  const [second] = rest;
  if (second?.name === '$sort' && isDocument(second.operand) && Object.keys(second.operand).length > 0) {
    query = { ...query, sort: compileSort(second.operand) };
    rest = rest.slice(1);
  }
  return { query, rest };
}
