/** count: how many documents match. */
import { emptyQuery } from '../query/plan/find-documents.ts';
import type { Command } from './command.ts';
import { queriedDocuments } from './pipeline-source.ts';
import { hintOf, queryEnvironment } from './query-arguments.ts';
import { isViewOptions } from './views.ts';

export const count: Command = {
  name: 'count',
  kind: 'read',
  inTransaction: false,
  readConcernLevels: ['local', 'available', 'majority', 'linearizable'],
  fields: ['query', 'limit', 'skip', 'hint', 'collation', 'fields', 'encryptionInformation'],
  run: (operation) => {
    const { arguments: given, namespace } = operation;
    operation.server.counters.operations.command += 1;
    const environment = queryEnvironment(operation, given, namespace);
    const filter = given.documentField('query') ?? {};
    const limit = Math.trunc(Math.abs(given.number('limit') ?? 0));
    const skip = given.nonNegativeInteger('skip') ?? 0;
    const query = { ...emptyQuery(namespace), filter, hint: hintOf(given), skip, limit, environment };
    const isPlain = !isViewOptions(operation.server.engine.identity(namespace)?.options);
    if (
      isPlain &&
      Object.keys(filter).length === 0 &&
      operation.transaction === undefined &&
      query.hint === undefined
    ) {
      const all = Math.max(0, operation.server.engine.statistics(namespace).documents - skip);
      return { n: limit === 0 ? all : Math.min(limit, all) };
    }
    let n = 0;
    for (const _ of queriedDocuments(operation, operation.snapshot(), query)) n += 1;
    return { n };
  },
};
