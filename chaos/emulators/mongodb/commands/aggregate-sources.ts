/** First stages that bring documents of their own instead of reading a collection's. */
import type { Documents, StageSpecification } from '../aggregation/pipeline.ts';
import { literalDocuments } from '../aggregation/documents.ts';
import { MongoError, locationError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import { Arguments } from './arguments.ts';
import { currentOperations } from './current-op.ts';
import { geoNearSource } from './geo-near.ts';
import type { PipelineInput } from './pipeline-input.ts';
import { collectionStatistics } from './statistics.ts';

/** undefined when the pipeline reads the collection. */
export function collectionlessSource(
  input: PipelineInput,
  stages: readonly StageSpecification[],
): Documents | undefined {
  const { environment, namespace, operation } = input;
  const [first] = stages;
  const hasNoCollection = namespace.endsWith('.$cmd.aggregate');
  switch (first?.name) {
    case '$documents': {
      if (!hasNoCollection)
        throw new MongoError('InvalidNamespace', '$documents is not valid on a collection');
      return literalDocuments(first.operand, environment)();
    }
    case '$currentOp': {
      if (!hasNoCollection || operation.database !== 'admin') {
        throw new MongoError(
          'InvalidNamespace',
          "$currentOp must be run against the 'admin' database with {aggregate: 1}",
        );
      }
      return currentOperations(operation.server);
    }
    case '$listLocalSessions':
    case '$listSessions':
      return operation.server.sessions.all().map(({ id }) => ({ _id: { id } }));
    case '$geoNear':
      return geoNearSource(input, first.operand);
    case '$indexStats': {
      if (isDocument(first.operand) && Object.keys(first.operand).length > 0) {
        throw locationError(28803, 'The $indexStats stage specification must be an empty object');
      }
      const since = new Date(operation.server.startedAtMs);
      const { host, port, engine } = operation.server;
      return (engine.collection(namespace)?.indexes ?? []).map((spec) => ({
        name: spec.name,
        key: { ...spec.key },
        host: `${host}:${port}`,
        accesses: { ops: 0n, since },
        spec: { v: 2, key: { ...spec.key }, name: spec.name },
      }));
    }
    case '$collStats':
      return [collectionStats(input, first.operand)];
    default:
      if (!hasNoCollection) return undefined;
      throw new MongoError(
        'InvalidNamespace',
        `{aggregate: 1} is not valid for '${first?.name ?? 'an empty pipeline'}'; a collection is required.`,
      );
  }
}

const statsFields = new Set(['count', 'latencyStats', 'queryExecStats', 'storageStats']);

function collectionStats({ namespace, operation }: PipelineInput, operand: unknown): Record<string, unknown> {
  if (!isDocument(operand)) {
    throw new MongoError('FailedToParse', '$collStats must take a nested object');
  }
  new Arguments(operand, '$collStats').refuseUnknown(statsFields);
  const { server, startedAtMs } = operation;
  const known = server.engine.identity(namespace);
  if (known === undefined && ('count' in operand || 'storageStats' in operand)) {
    throw new MongoError('NamespaceNotFound', `Collection [${namespace}] not found.`);
  }
  const storage = operand['storageStats'];
  const scale = isDocument(storage) ? new Arguments(storage, '$collStats.storageStats').number('scale') : 1;
  const none = { latency: 0n, ops: 0n };
  return {
    ns: namespace,
    host: `${server.host}:${server.port}`,
    localTime: new Date(startedAtMs),
    ...('latencyStats' in operand
      ? { latencyStats: { reads: none, writes: none, commands: none, transactions: none } }
      : {}),
    ...('storageStats' in operand
      ? { storageStats: collectionStatistics(server, namespace, scale ?? 1) }
      : {}),
    ...('count' in operand ? { count: server.engine.statistics(namespace).documents } : {}),
    ...('queryExecStats' in operand
      ? { queryExecStats: { collectionScans: { total: 0n, nonTailable: 0n } } }
      : {}),
  };
}
