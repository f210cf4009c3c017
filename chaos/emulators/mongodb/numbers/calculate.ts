/**
 * Arithmetic of update operators on BSON's number types: the wider type wins (int, long, double, decimal), an int that
 * overflows becomes a long, a long that overflows is an error.
 */
import { Decimal128, Double, Long } from 'bson';
import { MongoError } from '../errors.ts';
import { addDecimals, multiplyDecimals } from './decimal-arithmetic.ts';
import { decimalOfValue, encodeDecimal } from './decimal.ts';
import {
  doubleOf,
  fitsLong,
  intOrLong,
  integerOf,
  numberTypeOf,
  toDouble,
  widerType,
} from './number-type.ts';

export type Arithmetic = 'add' | 'multiply';

/** Both must be numbers. @throws MongoError BadValue when two longs overflow. */
export function calculate(operation: Arithmetic, left: unknown, right: unknown): unknown {
  const type = widerType(numberTypeOf(left) ?? 'double', numberTypeOf(right) ?? 'double');
  if (type === 'decimal') {
    const compute = operation === 'add' ? addDecimals : multiplyDecimals;
    return encodeDecimal(compute(decimalOfValue(left, 15), decimalOfValue(right, 15)));
  }
  if (type === 'double') {
    const [a, b] = [toDouble(left), toDouble(right)];
    return doubleOf(operation === 'add' ? a + b : a * b);
  }
  const [a, b] = [integerOf(left), integerOf(right)];
  const result = operation === 'add' ? a + b : a * b;
  if (!fitsLong(result)) {
    const name = operation === 'add' ? '$inc' : '$mul';
    throw new MongoError(
      'BadValue',
      `Failed to apply ${name} operations to current value: the result overflows 64 bits`,
    );
  }
  return type === 'int' ? intOrLong(result) : Long.fromBigInt(result);
}

/** Zero of the value's own type, the product with a field that is missing. */
export function zeroLike(value: unknown): unknown {
  switch (numberTypeOf(value)) {
    case 'int':
      return 0;
    case 'long':
      return Long.ZERO;
    case 'decimal':
      return Decimal128.fromString('0');
    default:
      return new Double(0);
  }
}
