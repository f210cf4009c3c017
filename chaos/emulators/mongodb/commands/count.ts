/** count: how many documents match. */
import { findDocuments } from '../query/plan/find-documents.ts';
import type { Command } from './command.ts';
import { hintOf, refuseCollation } from './query-arguments.ts';

export const count: Command = {
  name: 'count',
  kind: 'read',
  inTransaction: false,
  readConcernLevels: ['local', 'available', 'majority', 'linearizable'],
  fields: ['query', 'limit', 'skip', 'hint', 'collation', 'fields', 'encryptionInformation'],
  run: (operation) => {
    const { arguments: given, environment, namespace } = operation;
    operation.server.counters.operations.command += 1;
    refuseCollation(given);
    const filter = given.documentField('query') ?? {};
    const limit = Math.abs(given.number('limit') ?? 0);
    const skip = given.nonNegativeInteger('skip') ?? 0;
    const query = {
      namespace,
      filter,
      sort: undefined,
      hint: hintOf(given),
      skip,
      limit,
      environment,
      needsDetails: false,
    };
    if (Object.keys(filter).length === 0 && operation.transaction === undefined && query.hint === undefined) {
      const all = Math.max(0, operation.server.engine.statistics(namespace).documents - skip);
      return { n: limit === 0 ? all : Math.min(limit, all) };
    }
    let n = 0;
    for (const _ of findDocuments(operation.snapshot(), query)) n += 1;
    return { n };
  },
};
