/** Arguments that several commands share: sort, hint, collation, and the query they make. */
import type { ExpressionEnvironment } from '../aggregation/expression.ts';
import { collationOf } from '../collation/collation.ts';
import type { Collation } from '../collation/collation.ts';
import { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import { compileSort } from '../query/sort.ts';
import type { Sort } from '../query/sort.ts';
import type { Document } from '../storage/contract.ts';
import type { Arguments } from './arguments.ts';
import type { Operation } from './operation.ts';

/** The collation given, else that of the collection. @throws MongoError for one there is none of. */
export function collationFor(
  operation: Operation,
  given: Arguments,
  namespace: string,
): Collation | undefined {
  const asked = given.documentField('collation');
  if (asked !== undefined && Object.keys(asked).length > 0) return collationOf(asked);
  return defaultCollation(operation.server.engine.identity(namespace)?.options);
}

export function defaultCollation(options: Document | undefined): Collation | undefined {
  const own = options?.['collation'];
  return isDocument(own) ? collationOf(own) : undefined;
}

/** What filters, sorts and expressions of the command or statement `given` may refer to. */
export function queryEnvironment(
  operation: Operation,
  given: Arguments,
  namespace: string,
): ExpressionEnvironment {
  const collation = collationFor(operation, given, namespace);
  return collation === undefined ? operation.environment : { ...operation.environment, collation };
}

export function sortOf(given: Arguments, collation: Collation | undefined, field = 'sort'): Sort | undefined {
  const sort = given.documentField(field);
  if (sort === undefined || Object.keys(sort).length === 0) return undefined;
  return compileSort(sort, collation);
}

/** An index's name or key. @throws MongoError FailedToParse. */
export function hintOf(given: Arguments): string | Document | undefined {
  const hint = given.get('hint');
  if (hint === undefined || typeof hint === 'string') return hint;
  if (!isDocument(hint)) throw new MongoError('FailedToParse', 'Hint must be a string or an object');
  return Object.keys(hint).length === 0 ? undefined : hint;
}
