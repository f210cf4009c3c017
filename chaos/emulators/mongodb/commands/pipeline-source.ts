/** Runs a command's pipeline over what it reads: a collection, through an index where one fits, a view, or a source of its own. */
import { compilePipeline } from '../aggregation/pipeline.ts';
import type { Documents, PipelineContext, StageSpecification } from '../aggregation/pipeline.ts';
import type { ExpressionEnvironment } from '../aggregation/expression.ts';
import { MongoError } from '../errors.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';
import { emptyQuery, findDocuments } from '../query/plan/find-documents.ts';
import type { Query } from '../query/plan/find-documents.ts';
import { stageSort } from '../aggregation/plain-stages.ts';
import type { Document, StorageTransaction } from '../storage/contract.ts';
import { collectionlessSource } from './aggregate-sources.ts';
import { namespaceOf } from './namespace.ts';
import type { Operation } from './operation.ts';
import type { PipelineInput } from './pipeline-input.ts';
import { hintOf } from './query-arguments.ts';
import { resolveView } from './views.ts';
import type { ResolvedView } from './views.ts';

export function aggregateNamespace(operation: Operation): string {
  const target = operation.body['aggregate'];
  if (typeof target === 'string') return operation.namespace;
  if (numberOf(target) === 1) return `${operation.database}.$cmd.aggregate`;
  throw new MongoError(
    'FailedToParse',
    "Invalid command format: the 'aggregate' field must specify a collection name or 1",
  );
}

export function runPipeline(input: PipelineInput, stages: readonly StageSpecification[]): Documents {
  const { operation, storage, namespace, environment } = input;
  const context = pipelineContext(input);
  const special = collectionlessSource(input, stages);
  if (special !== undefined) return compilePipeline(stages.slice(1), context)(special);
  const { query, rest } = leadingQuery(operation, namespace, stages, environment);
  const run = compilePipeline(rest, context);
  return run(documentsOf(storage, query));
}

/** Documents of a collection or a view that match; a view is computed first. */
export function queriedDocuments(operation: Operation, storage: StorageTransaction, query: Query): Documents {
  const view = resolveView(operation.server, query.namespace);
  return view === undefined
    ? documentsOf(storage, query)
    : resolvedDocuments(operation, storage, query, view);
}

/** Documents of a view that is resolved already. */
export function resolvedDocuments(
  operation: Operation,
  storage: StorageTransaction,
  query: Query,
  view: ResolvedView,
): Documents {
  const input = { operation, storage, namespace: view.namespace, environment: query.environment };
  return runPipeline(input, [...view.stages, ...stagesOf(query)]);
}

function stagesOf({ filter, limit, skip, sort }: Query): StageSpecification[] {
  const stages: StageSpecification[] = [{ name: '$match', operand: filter }];
  if (sort !== undefined && sort.fields[0]?.path !== '$natural') {
    stages.push({ name: '$sort', operand: sort.specification });
  }
  if (skip > 0) stages.push({ name: '$skip', operand: skip });
  if (limit > 0) stages.push({ name: '$limit', operand: limit });
  return stages;
}

function pipelineContext({ operation, storage, environment }: PipelineInput): PipelineContext {
  const { server, database } = operation;
  const readCollection = (collection: string, filter: Document): Documents =>
    queriedDocuments(operation, storage, {
      ...emptyQuery(namespaceOf(database, collection)),
      filter,
      environment,
    });
  return { environment, readCollection, random: server.random };
}

function* documentsOf(storage: StorageTransaction, query: Query): Iterable<Document> {
  for (const { stored } of findDocuments(storage, query)) yield stored.document();
}

/** The first `$match` and `$sort` are asked of the storage, which may have an index for them. */
export function leadingQuery(
  operation: Operation,
  namespace: string,
  stages: readonly StageSpecification[],
  environment: ExpressionEnvironment,
): { query: Query; rest: readonly StageSpecification[] } {
  let query: Query = { ...emptyQuery(namespace), environment, hint: hintOf(operation.arguments) };
  let rest = stages;
  const [first] = rest;
  if (first?.name === '$match' && isDocument(first.operand)) {
    query = { ...query, filter: first.operand };
    rest = rest.slice(1);
  }
  const [second] = rest;
  if (second?.name === '$sort') {
    query = { ...query, sort: stageSort(second.operand, environment.collation) };
    rest = rest.slice(1);
  }
  return { query, rest };
}
