/** Arguments that several commands share: sort, hint, collation, and the query they make. */
import { shellText } from '../storage/duplicate-key.ts';
import { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import { compileSort } from '../query/sort.ts';
import type { Sort } from '../query/sort.ts';
import type { Document } from '../storage/contract.ts';
import type { Arguments } from './arguments.ts';

/** Only the simple collation, which is none. @throws MongoError CommandNotSupported. */
export function refuseCollation(given: Arguments): void {
  const collation = given.documentField('collation');
  if (collation === undefined || Object.keys(collation).length === 0) return;
  if (collation['locale'] === 'simple') return;
  throw new MongoError(
    'CommandNotSupported',
    `collation ${shellText(collation['locale'])} is not supported by the embedded MongoDB`,
  );
}

export function sortOf(given: Arguments, field = 'sort'): Sort | undefined {
  const sort = given.documentField(field);
  if (sort === undefined || Object.keys(sort).length === 0) return undefined;
  return compileSort(sort);
}

/** An index's name or key. @throws MongoError FailedToParse. */
export function hintOf(given: Arguments): string | Document | undefined {
  const hint = given.get('hint');
  if (hint === undefined || typeof hint === 'string') return hint;
  if (!isDocument(hint)) throw new MongoError('FailedToParse', 'Hint must be a string or an object');
  return Object.keys(hint).length === 0 ? undefined : hint;
}
