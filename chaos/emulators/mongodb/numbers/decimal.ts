/**
 * Decimal128 as a sign, a coefficient and a power of ten, and back with IEEE 754-2008's rounding: half to even at 34
 * digits, gradual underflow below 10^-6176, overflow to infinity. Arithmetic is exact on BigInts and rounds once.
 */
import { Decimal128, Double, Int32, Long } from 'bson';
import { exactDouble } from '../bson/exact-number.ts';

export interface FiniteDecimal {
  readonly kind: 'finite';
  readonly negative: boolean;
  readonly coefficient: bigint;
  readonly exponent: number;
}

export type Decimal =
  | FiniteDecimal
  | { readonly kind: 'infinite'; readonly negative: boolean }
  | { readonly kind: 'nan' };

export const decimalDigits = 34;
const exponentBias = 6176;
const exponentMin = -exponentBias;
const exponentMax = 6111;
const coefficientMask = (1n << 113n) - 1n;
const coefficientLimit = 10n ** 34n;

export const decimalNaN: Decimal = { kind: 'nan' };
export const decimalZero: FiniteDecimal = finite(false, 0n, 0);

export function finite(negative: boolean, coefficient: bigint, exponent: number): FiniteDecimal {
  return { kind: 'finite', negative, coefficient, exponent };
}

export function infinite(negative: boolean): Decimal {
  return { kind: 'infinite', negative };
}

/** Of a signed numerator: `numerator · 10^exponent`. */
export function decimalOf(numerator: bigint, exponent: number): FiniteDecimal {
  return numerator < 0n ? finite(true, -numerator, exponent) : finite(false, numerator, exponent);
}

/** Value with its sign; zero loses it. */
export function signedCoefficient({ negative, coefficient }: FiniteDecimal): bigint {
  return negative ? -coefficient : coefficient;
}

/** Takes the 16 bytes of the binary integer format apart. A coefficient of 10^34 and more is not canonical and reads as zero. */
export function parseDecimal(value: Decimal128): Decimal {
  const bytes = Buffer.from(value.bytes.buffer, value.bytes.byteOffset, 16);
  const high = bytes.readBigUInt64LE(8);
  const low = bytes.readBigUInt64LE(0);
  const negative = high >> 63n === 1n;
  const combination = Number((high >> 58n) & 31n);
  if (combination === 31) return decimalNaN;
  if (combination === 30) return infinite(negative);
  if (combination >> 3 === 3) {
    return finite(negative, 0n, Number((high >> 47n) & 0x3fffn) - exponentBias);
  }
  const coefficient = ((high << 64n) | low) & coefficientMask;
  const exponent = Number((high >> 49n) & 0x3fffn) - exponentBias;
  return finite(negative, coefficient < coefficientLimit ? coefficient : 0n, exponent);
}

/** Rounds to what Decimal128 can hold. `isInexact` says that the true magnitude is a little above the coefficient's. */
export function encodeDecimal(value: Decimal, isInexact = false): Decimal128 {
  const rounded = roundToFormat(value, isInexact);
  switch (rounded.kind) {
    case 'nan':
      return packed(31n << 58n, 0n);
    case 'infinite':
      return packed((rounded.negative ? 1n << 63n : 0n) | (30n << 58n), 0n);
    case 'finite': {
      const { negative, coefficient, exponent } = rounded;
      const high =
        (negative ? 1n << 63n : 0n) | (BigInt(exponent + exponentBias) << 49n) | (coefficient >> 64n);
      return packed(high, coefficient & 0xffff_ffff_ffff_ffffn);
    }
  }
}

function packed(high: bigint, low: bigint): Decimal128 {
  const bytes = Buffer.allocUnsafeSlow(16);
  bytes.writeBigUInt64LE(low, 0);
  bytes.writeBigUInt64LE(high, 8);
  return new Decimal128(bytes);
}

/** The nearest value that Decimal128 has. */
export function roundToFormat(value: Decimal, isInexact = false): Decimal {
  if (value.kind !== 'finite') return value;
  const sticky = isInexact ? finite(value.negative, value.coefficient * 10n + 1n, value.exponent - 1) : value;
  const excess = digitsOf(sticky.coefficient) - decimalDigits;
  const dropped = Math.max(excess, exponentMin - sticky.exponent, 0);
  let { coefficient, exponent } = dropped === 0 ? sticky : dropDigits(sticky, dropped);
  if (coefficient === coefficientLimit) {
    coefficient /= 10n;
    exponent += 1;
  }
  if (coefficient === 0n) {
    return finite(value.negative, 0n, Math.min(Math.max(exponent, exponentMin), exponentMax));
  }
  if (exponent > exponentMax) {
    const padding = exponent - exponentMax;
    if (digitsOf(coefficient) + padding > decimalDigits) return infinite(value.negative);
    coefficient *= 10n ** BigInt(padding);
    exponent = exponentMax;
  }
  return finite(value.negative, coefficient, exponent);
}

/** Without the last digits, half to even. */
export function dropDigits(value: FiniteDecimal, count: number): FiniteDecimal {
  const { negative, coefficient, exponent } = value;
  if (count > digitsOf(coefficient) + 1) return finite(negative, 0n, exponent + count);
  const divisor = 10n ** BigInt(count);
  const quotient = coefficient / divisor;
  const twice = (coefficient % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && (quotient & 1n) === 1n);
  return finite(negative, up ? quotient + 1n : quotient, exponent + count);
}

export function digitsOf(coefficient: bigint): number {
  return coefficient === 0n ? 0 : coefficient.toString().length;
}

export function isDecimalZero(value: Decimal): boolean {
  return value.kind === 'finite' && value.coefficient === 0n;
}

/** How many digits of a double count: MongoDB converts with 15, and adds with all that a decimal can hold. */
export type DoublePrecision = 15 | 34;

export function decimalOfDouble(value: number, precision: DoublePrecision): Decimal {
  if (Number.isNaN(value)) return decimalNaN;
  if (!Number.isFinite(value)) return infinite(value < 0);
  if (value === 0) return finite(Object.is(value, -0), 0n, 0);
  const exact = exactDouble(value);
  const signed = decimalOf(exact.numerator, -exact.scale);
  if (precision === 34) return roundToFormat(signed);
  const digits = digitsOf(signed.coefficient);
  if (digits < 15) {
    const padding = 15 - digits;
    return finite(signed.negative, signed.coefficient * 10n ** BigInt(padding), signed.exponent - padding);
  }
  const rounded = digits === 15 ? signed : dropDigits(signed, digits - 15);
  return digitsOf(rounded.coefficient) > 15
    ? finite(rounded.negative, rounded.coefficient / 10n, rounded.exponent + 1)
    : rounded;
}

/** Any BSON number; others are NaN. */
export function decimalOfValue(value: unknown, precision: DoublePrecision): Decimal {
  if (value instanceof Decimal128) return parseDecimal(value);
  if (value instanceof Long) return decimalOf(value.toBigInt(), 0);
  if (typeof value === 'bigint') return decimalOf(value, 0);
  if (value instanceof Int32) return decimalOf(BigInt(value.value), 0);
  if (value instanceof Double) return decimalOfDouble(value.value, precision);
  if (typeof value !== 'number') return decimalNaN;
  return (value | 0) === value && !Object.is(value, -0)
    ? decimalOf(BigInt(value), 0)
    : decimalOfDouble(value, precision);
}
