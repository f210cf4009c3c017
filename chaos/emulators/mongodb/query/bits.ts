/** The bit operators of queries: positions, a mask or binary data against integers and binary data. */
import { shellText } from '../storage/duplicate-key.ts';
import { Binary } from 'bson';
import { MongoError } from '../errors.ts';
import { numberTypeOf } from '../numbers/number-type.ts';
import { exactInt, exactLong } from '../numbers/rounding.ts';
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
      const position = exactInt(item);
      if (position === undefined || position < 0) {
        throw new MongoError('BadValue', `bit positions must be an integer >= 0 but got: ${shellText(item)}`);
      }
      return position;
    });
  }
  if (operand instanceof Binary) {
    const isSet = bitReader(operand);
    return Array.from({ length: storedBytes(operand).length * 8 }, (_, position) => position).filter((p) =>
      isSet?.(p),
    );
  }
  const mask = exactLong(operand);
  if (mask === undefined || mask < 0n) {
    throw new MongoError(
      numberTypeOf(operand) === undefined ? 'BadValue' : 'FailedToParse',
      `${operator} takes an Array, a number, or a BinData but received: ${shellText(operand)}`,
    );
  }
  return Array.from({ length: 64 }, (_, position) => position).filter(
    (p) => ((mask >> BigInt(p)) & 1n) === 1n,
  );
}

function bitReader(value: unknown): ((position: number) => boolean) | undefined {
  if (value instanceof Binary) {
    const bytes = storedBytes(value);
    return (position) => (((bytes[position >> 3] ?? 0) >> (position & 7)) & 1) === 1;
  }
  const bits = exactLong(value);
  if (bits === undefined) return undefined;
  return (position) => ((bits >> BigInt(Math.min(position, 63))) & 1n) === 1n;
}

/** Of the deprecated subtype 2 the length in front counts as data. */
function storedBytes(value: Binary): Uint8Array {
  const content = value.buffer.subarray(0, value.length());
  if (value.sub_type !== Binary.SUBTYPE_BYTE_ARRAY) return content;
  const length = Buffer.alloc(4);
  length.writeInt32LE(content.length);
  return Buffer.concat([length, content]);
}
