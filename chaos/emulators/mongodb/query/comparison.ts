/** Comparisons of queries: BSON order within a type bracket, nothing across brackets but MinKey and MaxKey. */
import { compareValues } from '../bson/compare.ts';
import type { TextOrder } from '../bson/compare.ts';
import { typeNameOf } from './bson-value.ts';
import type { TypeName } from './bson-value.ts';
import { isNaNValue } from '../numbers/number-type.ts';

export type ValueTest = (value: unknown) => boolean;

/** Types that compare with each other; each other type is a bracket of its own. */
export function bracketOf(value: unknown): TypeName {
  const type = typeNameOf(value);
  switch (type) {
    case 'int':
    case 'long':
    case 'double':
    case 'decimal':
      return 'double';
    case 'symbol':
      return 'string';
    case 'missing':
    case 'undefined':
      return 'null';
    default:
      return type;
  }
}

export function valuesEqual(left: unknown, right: unknown, textOrder?: TextOrder): boolean {
  return bracketOf(left) === bracketOf(right) && compareValues(left ?? null, right ?? null, textOrder) === 0;
}

export type OrderOperator = '$gt' | '$gte' | '$lt' | '$lte';

/** The test of an order operator. NaN equals itself and is neither below nor above anything. */
export function orderTest(operator: OrderOperator, operand: unknown, textOrder?: TextOrder): ValueTest {
  const bracket = bracketOf(operand);
  const inclusive = operator === '$gte' || operator === '$lte';
  const wantsLess = operator === '$lt' || operator === '$lte';
  if (bracket === 'null') return inclusive ? (value) => bracketOf(value) === 'null' : () => false;
  const unbracketed = bracket === 'minKey' || bracket === 'maxKey';
  const operandIsNaN = isNaNValue(operand);
  return (value) => {
    if (value === undefined && !unbracketed) return false;
    if (!unbracketed && bracketOf(value) !== bracket) return false;
    if (bracket === 'double' && (operandIsNaN || isNaNValue(value))) {
      return inclusive && operandIsNaN && isNaNValue(value);
    }
    const order = compareValues(value ?? null, operand, textOrder);
    if (order === 0) return inclusive;
    return wantsLess ? order < 0 : order > 0;
  };
}
