/** distinct: the different values of a field; an array counts by its elements. */
import { compareValues } from '../bson/compare.ts';
import { locationError } from '../errors.ts';
import { walkPath } from '../query/path.ts';
import { emptyQuery } from '../query/plan/find-documents.ts';
import type { Command } from './command.ts';
import { queriedDocuments } from './pipeline-source.ts';
import { hintOf, queryEnvironment } from './query-arguments.ts';

export const distinct: Command = {
  name: 'distinct',
  kind: 'read',
  inTransaction: true,
  readConcernLevels: ['local', 'available', 'majority', 'linearizable', 'snapshot'],
  fields: ['key', 'query', 'collation', 'encryptionInformation', 'hint'],
  run: (operation) => {
    const { arguments: given, namespace } = operation;
    operation.server.counters.operations.command += 1;
    const environment = queryEnvironment(operation, given, namespace);
    const textOrder = environment.collation?.compareText;
    const key = given.requiredString('key');
    if (key === '') throw locationError(40352, 'FieldPath cannot be constructed with empty string');
    const filter = given.documentField('query') ?? {};
    const parts = key.split('.');
    const query = { ...emptyQuery(namespace), filter, hint: hintOf(given), environment };
    const found: unknown[] = [];
    for (const document of queriedDocuments(operation, operation.snapshot(), query)) {
      walkPath(document, parts, { expandLeaf: false }, (value) => {
        if (Array.isArray(value)) for (const element of value as readonly unknown[]) found.push(element);
        else if (value !== undefined) found.push(value);
        return false;
      });
    }
    found.sort((a, b) => compareValues(a, b, textOrder));
    const values = found.filter(
      (value, index) => index === 0 || compareValues(found[index - 1], value, textOrder) !== 0,
    );
    const { readConcern, server } = operation;
    const atClusterTime =
      readConcern.level === 'snapshot' && operation.transaction === undefined
        ? (readConcern.atClusterTime ?? server.clusterClock.now())
        : undefined;
    return { values, ...(atClusterTime === undefined ? {} : { atClusterTime }) };
  },
};
