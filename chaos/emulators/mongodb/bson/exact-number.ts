/**
 * The exact value of any BSON number, so that an int64, a double and a decimal compare by what they are and not by
 * what they round to. Every finite one is an integer times a power of ten, doubles too (2⁻ᵏ = 5ᵏ · 10⁻ᵏ).
 */
import type { Decimal128, Long } from 'bson';
import { bsonTypeOf } from './bson-type.ts';

/** `value = numerator · 10^-scale`, scale ≥ 0. */
export interface ExactNumber {
  readonly numerator: bigint;
  readonly scale: number;
}

/** The value as a double when it is one exactly; undefined for other int64 and decimals. NaN and infinities are doubles. */
export function asDouble(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  switch (bsonTypeOf(value)) {
    case 'Int32':
    case 'Double':
      return Number(value);
    case 'Long': {
      const { high, low } = value as Long;
      return high >= -0x200000 && high < 0x200000 ? high * 4_294_967_296 + (low >>> 0) : undefined;
    }
    case 'Decimal128':
      return specialDecimal(String(value));
    default:
      return undefined;
  }
}

/** Exact value of a finite number of any type. */
export function exactNumber(value: unknown): ExactNumber {
  if (typeof value === 'bigint') return { numerator: value, scale: 0 };
  if (typeof value === 'object' && value !== null) {
    const type = bsonTypeOf(value);
    if (type === 'Long') return { numerator: (value as Long).toBigInt(), scale: 0 };
    if (type === 'Decimal128') return exactDecimal(value as Decimal128);
  }
  return exactDouble(Number(value));
}

/** Exact value of a finite double. */
export function exactDouble(value: number): ExactNumber {
  if (Number.isInteger(value)) return { numerator: BigInt(value), scale: 0 };
  let scale = 0;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    const step = Math.abs(scaled) < 2 ** 900 ? 60 : 1;
    scaled *= 2 ** step;
    scale += step;
  }
  return reduced(BigInt(scaled), scale);
}

/** Negative, zero or positive as a is less than, equal to or greater than b. */
export function compareExact(a: ExactNumber, b: ExactNumber): number {
  const left = a.scale < b.scale ? a.numerator * 10n ** BigInt(b.scale - a.scale) : a.numerator;
  const right = b.scale < a.scale ? b.numerator * 10n ** BigInt(a.scale - b.scale) : b.numerator;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `numerator · 2^-binaryScale` as a decimal fraction. */
function reduced(numerator: bigint, binaryScale: number): ExactNumber {
  let odd = numerator;
  let scale = binaryScale;
  while (scale > 0 && (odd & 1n) === 0n) {
    odd >>= 1n;
    scale -= 1;
  }
  return { numerator: odd * 5n ** BigInt(scale), scale };
}

function isSafe(value: bigint): boolean {
  return value >= -9_007_199_254_740_992n && value <= 9_007_199_254_740_992n;
}

/** The double for NaN, infinities and zero, which need no exact arithmetic. */
function specialDecimal(text: string): number | undefined {
  if (text === 'NaN') return Number.NaN;
  if (text === 'Infinity') return Number.POSITIVE_INFINITY;
  if (text === '-Infinity') return Number.NEGATIVE_INFINITY;
  return /^-?[0.]+(E|$)/.test(text) ? 0 : undefined;
}

function exactDecimal(value: Decimal128): ExactNumber {
  const [mantissa = '0', exponentText = '0'] = String(value).split('E');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const scale = fraction.length - Number(exponentText);
  const digits = BigInt(whole + fraction);
  return scale >= 0 ? { numerator: digits, scale } : { numerator: digits * 10n ** BigInt(-scale), scale: 0 };
}
