/** aggregate: runs a pipeline over a collection, or over none (`aggregate: 1`), and replies with its first batch. */
import { encodeDocument } from '../bson/encode.ts';
import { parsePipeline } from '../aggregation/pipeline.ts';
import { changeStreamSource } from '../changes/change-stream.ts';
import type { StageSpecification } from '../aggregation/pipeline.ts';
import type { CursorSource } from '../cursors/cursor-store.ts';
import { firstBatch } from '../cursors/batch.ts';
import type { ExpressionEnvironment } from '../aggregation/expression.ts';
import { MongoError } from '../errors.ts';
import type { Document } from '../storage/contract.ts';
import { RawDocument } from '../wire/reply-writer.ts';
import { isOutputStage, runOutput } from './aggregate-output.ts';
import { Arguments } from './arguments.ts';
import { checkResultSize } from './incoming-document.ts';
import type { Command } from './command.ts';
import type { Operation } from './operation.ts';
import { explainReply } from './explain.ts';
import { aggregateNamespace, runPipeline } from './pipeline-source.ts';
import { checkStages, refuseSearch } from './pipeline-rules.ts';
import { queryEnvironment } from './query-arguments.ts';
import { checkViewCollation, resolveView } from './views.ts';

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
    const cursor = given.documentField('cursor');
    const explains = given.boolean('explain');
    if (cursor === undefined && !explains) {
      throw new MongoError(
        'FailedToParse',
        "The 'cursor' option is required, except for aggregate with the explain argument",
      );
    }
    if (cursor !== undefined) new Arguments(cursor, 'aggregate.cursor').refuseUnknown(cursorFields);
    const stages = parsePipeline(given.array('pipeline') ?? [given.requiredDocument('pipeline')]);
    checkStages(stages);
    refuseSearch(stages);
    const namespace = aggregateNamespace(operation);
    if (explains) {
      if (operation.body['writeConcern'] !== undefined) {
        throw new MongoError(
          'FailedToParse',
          "Aggregation explain does not support the 'writeConcern' option",
        );
      }
      return explainReply(operation, operation.body, 'queryPlanner');
    }
    const input = inputOf(operation, namespace, stages);
    const last = input.stages.at(-1);
    if (last !== undefined && isOutputStage(last)) {
      return runOutput(
        operation,
        last,
        (storage) => runPipeline({ ...input, storage, operation }, input.stages.slice(0, -1)),
        namespace,
      );
    }
    return firstBatch(operation, {
      namespace,
      batchSize:
        cursor === undefined
          ? undefined
          : new Arguments(cursor, 'aggregate.cursor').nonNegativeInteger('batchSize'),
      singleBatch: false,
      noTimeout: false,
      source:
        stages[0]?.name === '$changeStream'
          ? changeStreamSource(operation, namespace, stages)
          : pipelineSource(operation, input),
    });
  },
};

const cursorFields = new Set(['batchSize']);

interface ResolvedInput {
  readonly namespace: string;
  readonly stages: readonly StageSpecification[];
  readonly environment: ExpressionEnvironment;
}

/** A view's pipeline goes before the client's. */
function inputOf(
  operation: Operation,
  namespace: string,
  stages: readonly StageSpecification[],
): ResolvedInput {
  const environment = queryEnvironment(operation, operation.arguments, namespace);
  const view = stages[0]?.name === '$changeStream' ? undefined : resolveView(operation.server, namespace);
  if (view === undefined) return { namespace, stages, environment };
  checkViewCollation(view, namespace, environment.collation);
  const whole = [...view.stages, ...stages];
  checkStages(whole);
  return { namespace: view.namespace, stages: whole, environment };
}

function pipelineSource(operation: Operation, input: ResolvedInput): CursorSource {
  const snapshot = operation.snapshot();
  const documents = runPipeline({ ...input, operation, storage: snapshot }, input.stages);
  const ownsSnapshot = operation.transaction === undefined && operation.readConcern.level !== 'snapshot';
  return {
    documents: encoded(documents[Symbol.iterator]()),
    close: () => {
      if (ownsSnapshot) snapshot.abort();
    },
  };
}

function* encoded(documents: Iterator<Document>): Generator<RawDocument> {
  for (let next = documents.next(); next.done !== true; next = documents.next()) {
    const bytes = encodeDocument(next.value);
    checkResultSize(bytes);
    yield new RawDocument(bytes);
  }
}
