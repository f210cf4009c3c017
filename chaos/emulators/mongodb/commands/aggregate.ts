/** aggregate: runs a pipeline over a collection, or over none (`aggregate: 1`), and replies with its first batch. */
import { encodeDocument } from '../bson/encode.ts';
import { parsePipeline } from '../aggregation/pipeline.ts';
import { changeStreamSource } from '../changes/change-stream.ts';
import type { StageSpecification } from '../aggregation/pipeline.ts';
import type { CursorSource } from '../cursors/cursor-store.ts';
import { firstBatch } from '../cursors/batch.ts';
import { MongoError, locationError } from '../errors.ts';
import type { Document } from '../storage/contract.ts';
import { RawDocument } from '../wire/reply-writer.ts';
import { isOutputStage, runOutput } from './aggregate-output.ts';
import { Arguments } from './arguments.ts';
import { checkResultSize } from './incoming-document.ts';
import type { Command } from './command.ts';
import type { Operation } from './operation.ts';
import { explainReply } from './explain.ts';
import { aggregateNamespace, runPipeline } from './pipeline-source.ts';
import { refuseCollation } from './query-arguments.ts';

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
    const stages = parsePipeline(given.array('pipeline') ?? [given.requiredDocument('pipeline')]);
    const namespace = aggregateNamespace(operation);
    const last = stages.at(-1);
    const outputAt = stages.findIndex(isOutputStage);
    if (outputAt !== -1 && outputAt !== stages.length - 1) {
      throw locationError(40601, `${stages[outputAt]?.name} can only be the final stage in the pipeline`);
    }
    if (given.boolean('explain')) return explainReply(operation, operation.body, 'queryPlanner');
    if (last !== undefined && isOutputStage(last)) {
      return runOutput(
        operation,
        last,
        (storage) => runPipeline(operation, storage, namespace, stages.slice(0, -1)),
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
          : pipelineSource(operation, namespace, stages),
    });
  },
};

function pipelineSource(
  operation: Operation,
  namespace: string,
  stages: readonly StageSpecification[],
): CursorSource {
  const snapshot = operation.snapshot();
  const documents = runPipeline(operation, snapshot, namespace, stages);
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
