/** distinct: the different values of a field; an array counts by its elements. */
import { compareValues } from '../bson/compare.ts';
import { locationError } from '../errors.ts';
import { findDocuments } from '../query/plan/find-documents.ts';
import { walkPath } from '../query/path.ts';
import type { Command } from './command.ts';
import { refuseCollation } from './query-arguments.ts';

export const distinct: Command = {
  name: 'distinct',
  kind: 'read',
  inTransaction: true,
  readConcernLevels: ['local', 'available', 'majority', 'linearizable', 'snapshot'],
  fields: ['key', 'query', 'collation', 'encryptionInformation'],
  run: (operation) => {
    const { arguments: given, environment, namespace } = operation;
    operation.server.counters.operations.command += 1;
    refuseCollation(given);
    const key = given.requiredString('key');
    if (key === '') throw locationError(40352, 'FieldPath cannot be constructed with empty string');
    const filter = given.documentField('query') ?? {};
    const parts = key.split('.');
    const query = {
      namespace,
      filter,
      sort: undefined,
      hint: undefined,
      skip: 0,
      limit: 0,
      environment,
      needsDetails: false,
    };
    const found: unknown[] = [];
    for (const { stored } of findDocuments(operation.snapshot(), query)) {
      walkPath(stored.document(), parts, { expandLeaf: false }, (value) => {
        if (Array.isArray(value)) found.push(...(value as readonly unknown[]));
        else if (value !== undefined) found.push(value);
        return false;
      });
    }
    found.sort(compareValues);
    const values = found.filter(
      (value, index) => index === 0 || compareValues(found[index - 1], value) !== 0,
    );
    const { readConcern, server } = operation;
    const atClusterTime =
      readConcern.level === 'snapshot' && operation.transaction === undefined
        ? (readConcern.atClusterTime ?? server.clusterClock.now())
        : undefined;
    return { values, ...(atClusterTime === undefined ? {} : { atClusterTime }) };
  },
};
