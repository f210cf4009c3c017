/** $add $subtract $multiply $divide $mod, on numbers and, where a date plus or less something means anything, on dates. */
import { Long } from 'bson';
import { locationError, MongoError } from '../../errors.ts';
import { typeNameOf } from '../../query/bson-value.ts';
import {
  addDecimals,
  divideDecimals,
  multiplyDecimals,
  negateDecimal,
  remainderOfDecimals,
} from '../../numbers/decimal-arithmetic.ts';
import { decimalOfValue, encodeDecimal, isDecimalZero } from '../../numbers/decimal.ts';
import {
  doubleOf,
  fitsLong,
  intOrLong,
  integerOf,
  isInt,
  numberTypeOf,
  toDouble,
  widerType,
} from '../../numbers/number-type.ts';
import type { NumberType } from '../../numbers/number-type.ts';
import { Summation } from '../../numbers/summation.ts';
import { binary, variadic } from './arguments.ts';
import { isNullish } from './evaluation.ts';
import type { OperatorTable } from './evaluation.ts';
import { dateOf } from './date-value.ts';
import { roundedToLong } from '../../numbers/rounding.ts';

export const arithmeticOperators: OperatorTable = {
  $add: variadic(add),
  $divide: binary(divide),
  $mod: binary(modulo),
  $multiply: variadic(multiply),
  $subtract: binary(subtract),
};

/** As the operator, on values. */
export function add(values: readonly unknown[]): unknown {
  const [left, right] = values;
  if (values.length === 2 && typeof left === 'number' && typeof right === 'number') {
    if (isInt(left) && isInt(right)) {
      const sum = left + right;
      return isInt(sum) ? sum : Long.fromNumber(sum);
    }
  }
  const sum = new Summation('operator');
  let date: Date | undefined;
  let isNull = false;
  for (const value of values) {
    if (sum.add(value)) continue;
    if (value instanceof Date) {
      if (date !== undefined) throw locationError(16612, 'only one date allowed in an $add expression');
      date = value;
    } else if (isNullish(value)) isNull = true;
    else {
      throw new MongoError(
        'TypeMismatch',
        `$add only supports numeric or date types, not ${typeNameOf(value)}`,
      );
    }
    if (isNull) return null;
  }
  if (date === undefined) return sum.total();
  return dateOf(BigInt(date.getTime()) + (roundedToLong(sum.total()) ?? overflow('$add')), '$add');
}

function overflow(name: string): never {
  throw new MongoError('Overflow', `date overflow in ${name}`);
}

export function subtract(left: unknown, right: unknown): unknown {
  if (typeof left === 'number' && typeof right === 'number' && isInt(left) && isInt(right)) {
    const difference = left - right;
    return isInt(difference) ? difference : Long.fromNumber(difference);
  }
  if (isNullish(left) || isNullish(right)) return null;
  const type = commonType(left, right);
  switch (type) {
    case 'decimal':
      return encodeDecimal(addDecimals(decimalOfValue(left, 15), negateDecimal(decimalOfValue(right, 15))));
    case 'double':
      return doubleOf(toDouble(left) - toDouble(right));
    case undefined:
      return subtractFromDate(left, right);
    default:
      return integerResult(type, integerOf(left) - integerOf(right));
  }
}

function subtractFromDate(left: unknown, right: unknown): unknown {
  if (left instanceof Date) {
    if (right instanceof Date) return Long.fromNumber(left.getTime() - right.getTime());
    if (numberTypeOf(right) !== undefined) {
      return dateOf(BigInt(left.getTime()) - (roundedToLong(right) ?? overflow('$subtract')), '$subtract');
    }
  }
  throw new MongoError('TypeMismatch', `can't $subtract ${typeNameOf(right)} from ${typeNameOf(left)}`);
}

export function multiply(values: readonly unknown[]): unknown {
  let product: unknown = 1;
  for (const value of values) {
    if (isNullish(value)) return null;
    const type = commonType(product, value);
    switch (type) {
      case undefined:
        throw new MongoError(
          'TypeMismatch',
          `$multiply only supports numeric types, not ${typeNameOf(value)}`,
        );
      case 'decimal':
        product = encodeDecimal(multiplyDecimals(decimalOfValue(product, 15), decimalOfValue(value, 15)));
        break;
      case 'double':
        product = doubleOf(toDouble(product) * toDouble(value));
        break;
      default:
        product = integerResult(type, integerOf(product) * integerOf(value));
    }
  }
  return product;
}

/** Always a double, or a decimal. */
export function divide(left: unknown, right: unknown): unknown {
  if (isNullish(left) || isNullish(right)) return null;
  const type = commonType(left, right);
  if (type === undefined) {
    throw new MongoError(
      'TypeMismatch',
      `$divide only supports numeric types, not ${typeNameOf(left)} and ${typeNameOf(right)}`,
    );
  }
  if (type === 'decimal') {
    const divisor = decimalOfValue(right, 15);
    if (isDecimalZero(divisor)) throw new MongoError('BadValue', "can't $divide by zero");
    return encodeDecimal(divideDecimals(decimalOfValue(left, 15), divisor));
  }
  const divisor = toDouble(right);
  if (divisor === 0) throw new MongoError('BadValue', "can't $divide by zero");
  return doubleOf(toDouble(left) / divisor);
}

function modulo(left: unknown, right: unknown): unknown {
  if (isNullish(left) || isNullish(right)) return null;
  const type = commonType(left, right);
  if (type === undefined) {
    throw locationError(
      16611,
      `$mod only supports numeric types, not ${typeNameOf(left)} and ${typeNameOf(right)}`,
    );
  }
  if (type === 'decimal') {
    const divisor = decimalOfValue(right, 15);
    if (isDecimalZero(divisor)) throw locationError(5733415, "can't $mod by zero");
    return encodeDecimal(remainderOfDecimals(decimalOfValue(left, 15), divisor));
  }
  const divisor = toDouble(right);
  if (divisor === 0) throw locationError(16610, "can't $mod by zero");
  if (type === 'double') return doubleOf(toDouble(left) % divisor);
  const remainder = integerOf(left) % integerOf(right);
  return type === 'long' ? Long.fromBigInt(remainder) : intOrLong(remainder);
}

/** undefined unless both are numbers. */
function commonType(left: unknown, right: unknown): NumberType | undefined {
  const a = numberTypeOf(left);
  const b = numberTypeOf(right);
  return a === undefined || b === undefined ? undefined : widerType(a, b);
}

/** Ints become long where they must, longs a double. */
function integerResult(type: NumberType, value: bigint): unknown {
  if (!fitsLong(value)) return doubleOf(Number(value));
  return type === 'int' ? intOrLong(value) : Long.fromBigInt(value);
}
