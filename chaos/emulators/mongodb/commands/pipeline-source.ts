/** Runs a command's pipeline over what it reads: a collection, through an index where one fits, or a source of its own. */
import { compilePipeline } from '../aggregation/pipeline.ts';
import type { Documents, PipelineContext, StageSpecification } from '../aggregation/pipeline.ts';
import { MongoError } from '../errors.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';
import { findDocuments } from '../query/plan/find-documents.ts';
import type { Query } from '../query/plan/find-documents.ts';
import { stageSort } from '../aggregation/plain-stages.ts';
import type { Document, StorageTransaction } from '../storage/contract.ts';
import { collectionlessSource } from './aggregate-sources.ts';
import { namespaceOf } from './namespace.ts';
import type { Operation } from './operation.ts';
import { hintOf } from './query-arguments.ts';

export function aggregateNamespace(operation: Operation): string {
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
  const context = pipelineContext(operation, storage);
  const special = collectionlessSource(operation, namespace, stages);
  if (special !== undefined) return compilePipeline(stages.slice(1), context)(special);
  const { query, rest } = leadingQuery(operation, namespace, stages);
  return compilePipeline(rest, context)(documentsOf(storage, query));
}

function pipelineContext(operation: Operation, storage: StorageTransaction): PipelineContext {
  const { environment, server, database } = operation;
  const readCollection = (collection: string, filter: Document): Documents =>
    documentsOf(storage, { ...emptyQuery(namespaceOf(database, collection)), filter, environment });
  return { environment, readCollection, random: server.random };
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
  if (second?.name === '$sort') {
    query = { ...query, sort: stageSort(second.operand) };
    rest = rest.slice(1);
  }
  return { query, rest };
}
