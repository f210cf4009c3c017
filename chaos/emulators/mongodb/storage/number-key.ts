/**
 * Keys of numbers: a byte for NaN, negative, zero or positive; then the bits of the greatest double whose magnitude
 * is not above the number's; then a zero byte when that double is the number, or the exact rest (which only large
 * int64 and decimals have) as its decimal exponent and digits. Negative numbers have all bytes but the first inverted.
 */
import { compareExact, exactDouble, exactNumber, type ExactNumber } from '../bson/exact-number.ts';

const nanByte = 0x1e;
const negativeByte = 0x1f;
const zeroByte = 0x20;
const positiveByte = 0x21;
const restFollows = 1;
const exponentBias = 0x4000;

/** Most bytes that `writeDoubleKey` writes. */
export const doubleKeyBytes = 10;

/** Writes the key of a double at `at`; returns the offset behind it. */
export function writeDoubleKey(buffer: Buffer, at: number, value: number): number {
  if (Number.isNaN(value)) return buffer.writeUInt8(nanByte, at);
  if (value === 0) return buffer.writeUInt8(zeroByte, at);
  const isNegative = value < 0;
  buffer[at] = isNegative ? negativeByte : positiveByte;
  buffer.writeDoubleBE(isNegative ? -value : value, at + 1);
  buffer[at + 9] = 0;
  if (isNegative) invert(buffer, at + 1, at + doubleKeyBytes);
  return at + doubleKeyBytes;
}

/** Key of a finite number that is no double. */
export function exactNumberKey(value: unknown): Uint8Array {
  const exact = exactNumber(value);
  const isNegative = exact.numerator < 0n;
  const magnitude = { numerator: isNegative ? -exact.numerator : exact.numerator, scale: exact.scale };
  const below = greatestDoubleUpTo(magnitude);
  const rest = difference(magnitude, exactDouble(below));
  const tail = rest.numerator === 0n ? Buffer.from([0]) : restBytes(rest);
  const key = Buffer.alloc(9 + tail.length);
  key[0] = isNegative ? negativeByte : positiveByte;
  key.writeDoubleBE(below, 1);
  key.set(tail, 9);
  if (isNegative) invert(key, 1, key.length);
  return key;
}

function restBytes(rest: ExactNumber): Uint8Array {
  const digits = rest.numerator.toString();
  const exponent = digits.length - 1 - rest.scale + exponentBias;
  const significant = digits.replace(/0+$/, '');
  return Buffer.from([restFollows, exponent >> 8, exponent & 0xff, ...Buffer.from(significant, 'latin1'), 0]);
}

/** The nearest double, or the one before it when the nearest lies above. */
function greatestDoubleUpTo(magnitude: ExactNumber): number {
  const nearest = Math.min(Number(`${magnitude.numerator}e${-magnitude.scale}`), Number.MAX_VALUE);
  return compareExact(exactDouble(nearest), magnitude) <= 0 ? nearest : previousDouble(nearest);
}

function previousDouble(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigUint64(0, view.getBigUint64(0) - 1n);
  return view.getFloat64(0);
}

function difference(a: ExactNumber, b: ExactNumber): ExactNumber {
  const scale = Math.max(a.scale, b.scale);
  const numerator =
    a.numerator * 10n ** BigInt(scale - a.scale) - b.numerator * 10n ** BigInt(scale - b.scale);
  return { numerator, scale };
}

function invert(buffer: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at += 1) buffer[at] = ~(buffer[at] ?? 0) & 0xff;
}
