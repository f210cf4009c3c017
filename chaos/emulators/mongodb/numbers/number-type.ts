/** BSON's four number types in decoded form (bson/decode.ts): which one a value is, and how a result gets one. */
import { Decimal128, Double, Int32, Long, Timestamp } from 'bson';

export type NumberType = 'int' | 'long' | 'double' | 'decimal';

const width: Readonly<Record<NumberType, number>> = { int: 0, long: 1, double: 2, decimal: 3 };

/** undefined when the value is no number. */
export function numberTypeOf(value: unknown): NumberType | undefined {
  if (typeof value === 'number') return isInt(value) ? 'int' : 'double';
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? 'long' : undefined;
  if (value instanceof Double) return 'double';
  if (value instanceof Long) return value instanceof Timestamp ? undefined : 'long';
  if (value instanceof Decimal128) return 'decimal';
  return value instanceof Int32 ? 'int' : undefined;
}

/** Whether a plain JavaScript number stands for an int32: an integer in range, and not -0. */
export function isInt(value: number): boolean {
  return (value | 0) === value && !Object.is(value, -0);
}

export function widerType(left: NumberType, right: NumberType): NumberType {
  return width[left] >= width[right] ? left : right;
}

export function isNaNValue(value: unknown): boolean {
  if (typeof value === 'number') return Number.isNaN(value);
  if (value instanceof Double) return Number.isNaN(value.value);
  return value instanceof Decimal128 && value.toString() === 'NaN';
}

/** @throws TypeError when the value is no integer. */
export function integerOf(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (value instanceof Long) return value.toBigInt();
  return BigInt(toDouble(value));
}

/** The nearest double of any number; NaN for what is none. */
export function toDouble(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value instanceof Double || value instanceof Int32) return value.value;
  if (value instanceof Timestamp) return Number.NaN;
  if (value instanceof Long) return Number(value.toBigInt());
  if (value instanceof Decimal128) return Number(value.toString());
  return typeof value === 'bigint' ? Number(value) : Number.NaN;
}

/** A double in decoded form: wrapped when a plain number would be read as an int. */
export function doubleOf(value: number): number | Double {
  return isInt(value) ? new Double(value) : value;
}

export function fitsInt(value: bigint): boolean {
  return value >= -0x8000_0000n && value <= 0x7fff_ffffn;
}

export function fitsLong(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

/** An int where it fits, else a long, as sums and products of ints are. */
export function intOrLong(value: bigint): number | Long {
  return fitsInt(value) ? Number(value) : Long.fromBigInt(value);
}
