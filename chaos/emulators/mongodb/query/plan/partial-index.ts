/** Whether an index that leaves documents out still has all that a filter can match. */
import { compareValues } from '../../bson/compare.ts';
import type { Document, IndexSpec } from '../../storage/contract.ts';
import { isDocument, isTruthy } from '../bson-value.ts';
import { valuesEqual } from '../comparison.ts';
import { isOperatorDocument } from '../field-operators.ts';
import { compileFilter } from '../matcher.ts';
import type { Condition, Conditions } from './conditions.ts';

export function coversFilter(index: IndexSpec, filter: Document, conditions: Conditions): boolean {
  if (index.sparse && !Object.keys(index.key).some((path) => excludesMissing(conditions.get(path) ?? []))) {
    return false;
  }
  return (
    index.partialFilterExpression === undefined || implies(filter, conditions, index.partialFilterExpression)
  );
}

function excludesMissing(conditions: readonly Condition[]): boolean {
  return conditions.some(({ points }) => points === undefined || points.every((point) => point !== null));
}

/** Every clause of the expression follows from the filter, as far as can be seen clause by clause. */
function implies(filter: Document, conditions: Conditions, expression: Document): boolean {
  return Object.entries(expression).every(([path, wanted]) => {
    if (path === '$and')
      return (
        Array.isArray(wanted) &&
        wanted.every((clause: unknown) => isDocument(clause) && implies(filter, conditions, clause))
      );
    if (path.startsWith('$')) return false;
    const given = filter[path];
    if (given !== undefined && valuesEqual(given, wanted)) return true;
    const found = conditions.get(path) ?? [];
    return found.some((condition) => conditionImplies(condition, wanted));
  });
}

function conditionImplies({ points, lower, upper }: Condition, wanted: unknown): boolean {
  if (points !== undefined) {
    const test = compileFilter({ value: wanted });
    return points.every((value) => test({ value }));
  }
  if (!isOperatorDocument(wanted)) return false;
  return Object.entries(wanted).every(([name, operand]) => {
    switch (name) {
      case '$exists':
        return isTruthy(operand);
      case '$gt':
      case '$gte': {
        if (lower === undefined) return false;
        const order = compareValues(lower.value, operand);
        return order > 0 || (order === 0 && (name === '$gte' || !lower.inclusive));
      }
      case '$lt':
      case '$lte': {
        if (upper === undefined) return false;
        const order = compareValues(upper.value, operand);
        return order < 0 || (order === 0 && (name === '$lte' || !upper.inclusive));
      }
      default:
        return false;
    }
  });
}
