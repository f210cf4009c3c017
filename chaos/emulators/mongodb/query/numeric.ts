/**
 * Arithmetic of update operators on BSON's number types: the wider type wins (int, long, double, decimal), an int that
 * overflows becomes a long, a long that overflows is an error.
 */
import { Decimal128, Double, Long } from 'bson';
import { MongoError } from '../errors.ts';
import { numberOf, typeNameOf } from './bson-value.ts';

type NumberType = 'int' | 'long' | 'double' | 'decimal';
const width: Readonly<Record<NumberType, number>> = { int: 0, long: 1, double: 2, decimal: 3 };

export function numberTypeOf(value: unknown): NumberType | undefined {
  const type = typeNameOf(value);
  return type === 'int' || type === 'long' || type === 'double' || type === 'decimal' ? type : undefined;
}

export function isNaNValue(value: unknown): boolean {
  if (typeof value === 'number') return Number.isNaN(value);
  if (value instanceof Double) return Number.isNaN(value.value);
  return value instanceof Decimal128 && value.toString() === 'NaN';
}

export type Arithmetic = 'add' | 'multiply';

/** Both must be numbers. @throws MongoError BadValue when two longs overflow. */
export function calculate(operation: Arithmetic, left: unknown, right: unknown): unknown {
  const leftType = numberTypeOf(left) ?? 'double';
  const rightType = numberTypeOf(right) ?? 'double';
  const type = width[leftType] >= width[rightType] ? leftType : rightType;
  if (type === 'decimal') return calculateDecimal(operation, left, right);
  if (type === 'double') {
    const a = numberOf(left) ?? Number.NaN;
    const b = numberOf(right) ?? Number.NaN;
    return doubleOf(operation === 'add' ? a + b : a * b);
  }
  const a = integerOf(left);
  const b = integerOf(right);
  const result = operation === 'add' ? a + b : a * b;
  if (type === 'int' && BigInt.asIntN(32, result) === result) return Number(result);
  if (BigInt.asIntN(64, result) !== result) {
    throw new MongoError('BadValue', 'Failed to apply $inc or $mul operations: the result overflows 64 bits');
  }
  return Long.fromBigInt(result);
}

/** @throws TypeError when the value is no integer. */
export function integerOf(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (value instanceof Long) return value.toBigInt();
  return BigInt(numberOf(value) ?? Number.NaN);
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

/** A double in decoded form: wrapped when a plain number would be read as an int. */
export function doubleOf(value: number): number | Double {
  return (value | 0) === value && !Object.is(value, -0) ? new Double(value) : value;
}

interface Scaled {
  readonly coefficient: bigint;
  readonly exponent: number;
}

function calculateDecimal(operation: Arithmetic, left: unknown, right: unknown): Decimal128 {
  const a = scaledOf(left);
  const b = scaledOf(right);
  if (a === undefined || b === undefined) {
    const x = numberOf(left) ?? Number.NaN;
    const y = numberOf(right) ?? Number.NaN;
    return Decimal128.fromString(String(operation === 'add' ? x + y : x * y));
  }
  if (operation === 'multiply') return decimalOf(a.coefficient * b.coefficient, a.exponent + b.exponent);
  const exponent = Math.min(a.exponent, b.exponent);
  const scale = ({ coefficient, exponent: own }: Scaled) => coefficient * 10n ** BigInt(own - exponent);
  return decimalOf(scale(a) + scale(b), exponent);
}

function decimalOf(coefficient: bigint, exponent: number): Decimal128 {
  return Decimal128.fromStringWithRounding(`${coefficient}E${exponent}`);
}

function scaledOf(value: unknown): Scaled | undefined {
  const text =
    value instanceof Decimal128 || value instanceof Long ? value.toString() : String(numberOf(value));
  const parsed = /^(-?)(\d*)(?:\.(\d*))?(?:E([+-]?\d+))?$/i.exec(text);
  if (parsed === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = parsed;
  return {
    coefficient: BigInt(`${sign}${whole}${fraction}`),
    exponent: Number(exponent) - fraction.length,
  };
}
