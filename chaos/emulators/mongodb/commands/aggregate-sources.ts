/** Stages that bring documents of their own instead of reading a collection's: $documents, $collStats, $indexStats. */
import type { Documents, StageSpecification } from '../aggregation/pipeline.ts';
import { literalDocuments } from '../aggregation/documents.ts';
import { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import type { Operation } from './operation.ts';

/** undefined when the pipeline reads the collection. */
export function collectionlessSource(
  operation: Operation,
  namespace: string,
  stages: readonly StageSpecification[],
): Documents | undefined {
  const [first] = stages;
  const hasNoCollection = namespace.endsWith('.$cmd.aggregate');
  switch (first?.name) {
    case '$documents': {
      if (!hasNoCollection)
        throw new MongoError('InvalidNamespace', '$documents is not valid on a collection');
      return literalDocuments(first.operand, operation.environment)();
    }
    case '$listLocalSessions':
    case '$listSessions':
      return operation.server.sessions.all().map(({ id }) => ({ _id: { id } }));
    case '$indexStats': {
      const since = new Date(operation.server.startedAtMs);
      const { host, port, engine } = operation.server;
      return (engine.collection(namespace)?.indexes ?? []).map(({ name, key }) => ({
        name,
        key: { ...key },
        host: `${host}:${port}`,
        accesses: { ops: 0, since },
      }));
    }
    case '$collStats': {
      const { documents, bytes } = operation.server.engine.statistics(namespace);
      const operand = isDocument(first.operand) ? first.operand : {};
      return [
        {
          ns: namespace,
          localTime: new Date(operation.startedAtMs),
          ...('count' in operand ? { count: documents } : {}),
          ...('storageStats' in operand ? { storageStats: { count: documents, size: bytes } } : {}),
        },
      ];
    }
    default:
      if (!hasNoCollection) return undefined;
      throw new MongoError(
        'InvalidNamespace',
        `{aggregate: 1} is not valid for '${first?.name ?? 'an empty pipeline'}'; a collection is required.`,
      );
  }
}
