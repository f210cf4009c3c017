/** The bit operators of queries: positions, a mask or binary data against integers and binary data. */
import { shellText } from '../storage/duplicate-key.ts';
import { Binary } from 'bson';
import { MongoError } from '../errors.ts';
import { numberOf } from './bson-value.ts';
import type { ValueTest } from './comparison.ts';

export type BitsOperator = '$bitsAllSet' | '$bitsAllClear' | '$bitsAnySet' | '$bitsAnyClear';

/** Values in 64 bits two's complement, as MongoDB sees integers; binary data is of unlimited length. */
export function bitsTest(operator: BitsOperator, operand: unknown): ValueTest {
  const positions = bitPositions(operator, operand);
  const wantSet = operator === '$bitsAllSet' || operator === '$bitsAnySet';
  const all = operator === '$bitsAllSet' || operator === '$bitsAllClear';
  return (value) => {
    const isSet = bitReader(value);
    if (isSet === undefined) return false;
    return all
      ? positions.every((position) => isSet(position) === wantSet)
      : positions.some((position) => isSet(position) === wantSet);
  };
}

function bitPositions(operator: BitsOperator, operand: unknown): number[] {
  if (Array.isArray(operand)) {
    return (operand as readonly unknown[]).map((item) => {
      const position = numberOf(item);
      if (position === undefined || !Number.isInteger(position) || position < 0) {
        throw new MongoError('BadValue', `bit positions must be an integer >= 0 but got: ${shellText(item)}`);
      }
      return position;
    });
  }
  if (operand instanceof Binary) {
    const isSet = bitReader(operand);
    return Array.from({ length: operand.length() * 8 }, (_, position) => position).filter((p) => isSet?.(p));
  }
  const mask = numberOf(operand);
  if (mask === undefined || !Number.isInteger(mask) || mask < 0) {
    throw new MongoError(
      'BadValue',
      `${operator} takes an Array, a number, or a BinData but received: ${shellText(operand)}`,
    );
  }
  const bits = BigInt(mask);
  return Array.from({ length: 64 }, (_, position) => position).filter(
    (p) => ((bits >> BigInt(p)) & 1n) === 1n,
  );
}

function bitReader(value: unknown): ((position: number) => boolean) | undefined {
  if (value instanceof Binary) {
    const bytes = value.buffer.subarray(0, value.length());
    return (position) => (((bytes[position >> 3] ?? 0) >> (position & 7)) & 1) === 1;
  }
  const number = numberOf(value);
  if (number === undefined || !Number.isInteger(number)) return undefined;
  if (Math.abs(number) > 2 ** 63) return undefined;
  const bits = BigInt(number);
  return (position) => ((bits >> BigInt(Math.min(position, 63))) & 1n) === 1n;
}
