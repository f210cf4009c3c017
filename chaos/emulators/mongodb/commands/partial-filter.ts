/** Which filters a partial index may have: those that say of every single document whether it is in. */
import { MongoError } from '../errors.ts';
import { isDocument, isTruthy } from '../query/bson-value.ts';
import { isOperatorDocument } from '../query/field-operators.ts';
import { isRegularExpression } from '../query/regular-expression.ts';
import type { Document } from '../storage/contract.ts';
import { shellText } from '../storage/duplicate-key.ts';

const operators = new Set([
  '$all',
  '$eq',
  '$exists',
  '$geoIntersects',
  '$geoWithin',
  '$gt',
  '$gte',
  '$in',
  '$lt',
  '$lte',
  '$type',
]);

/** @throws MongoError CannotCreateIndex. */
export function checkPartialFilter(filter: Document): void {
  for (const [name, value] of Object.entries(filter)) {
    if (name === '$and' || name === '$or') {
      if (!Array.isArray(value)) throw unsupported(filter);
      for (const clause of value as readonly unknown[]) if (isDocument(clause)) checkPartialFilter(clause);
    } else if (name === '$expr') {
      throw new MongoError('QueryFeatureNotAllowed', '$expr is not allowed in this context');
    } else if (name === '$where') throw new MongoError('BadValue', '$where is not allowed in this context');
    else if (name.startsWith('$')) throw unsupported(filter);
    else checkCondition(name, value);
  }
}

function checkCondition(path: string, value: unknown): void {
  if (isRegularExpression(value)) throw unsupported({ [path]: value });
  if (!isOperatorDocument(value)) return;
  for (const [operator, operand] of Object.entries(value)) {
    const isAllowed = operators.has(operator) && (operator !== '$exists' || isTruthy(operand));
    if (!isAllowed || (operator === '$eq' && isRegularExpression(operand))) {
      throw unsupported({ [path]: { [operator]: operand } });
    }
  }
}

function unsupported(expression: Document): MongoError {
  return new MongoError(
    'CannotCreateIndex',
    `Expression not supported in partial index: ${shellText(expression)}`,
  );
}
