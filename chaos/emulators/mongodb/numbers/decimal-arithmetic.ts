/**
 * The operations of IEEE 754-2008 on decimals, each rounded once, with the exponents that the standard prefers (1.0 + 1
 * is 2.0, 1.20 * 2 is 2.40, 6 / 2 is 3).
 */
import { compareExact } from '../bson/exact-number.ts';
import {
  decimalDigits,
  decimalNaN,
  decimalOf,
  digitsOf,
  finite,
  infinite,
  isDecimalZero,
  roundToFormat,
  signedCoefficient,
} from './decimal.ts';
import type { Decimal, FiniteDecimal } from './decimal.ts';

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.kind === 'nan' || b.kind === 'nan') return decimalNaN;
  if (a.kind === 'infinite') {
    return b.kind === 'infinite' && a.negative !== b.negative ? decimalNaN : a;
  }
  if (b.kind === 'infinite') return b;
  // A difference of exponents beyond all digits only decides the rounding: one unit far below the other has that effect.
  const span = Math.abs(a.exponent - b.exponent);
  if (span > 2 * decimalDigits + 10 && !isDecimalZero(a) && !isDecimalZero(b)) {
    const [large, small] = adjusted(a) > adjusted(b) ? [a, b] : [b, a];
    if (adjusted(large) - adjusted(small) > decimalDigits + 5) {
      const room = decimalDigits + 3 - digitsOf(large.coefficient);
      const shift = Math.max(room, 0);
      const widened = signedCoefficient(large) * 10n ** BigInt(shift);
      return roundToFormat(decimalOf(widened + (small.negative ? -1n : 1n), large.exponent - shift));
    }
  }
  const exponent = Math.min(a.exponent, b.exponent);
  const sum = scaledTo(a, exponent) + scaledTo(b, exponent);
  if (sum === 0n) return roundToFormat(finite(a.negative && b.negative, 0n, exponent));
  return roundToFormat(decimalOf(sum, exponent));
}

/** Exponent of the first digit. */
function adjusted({ coefficient, exponent }: FiniteDecimal): number {
  return exponent + digitsOf(coefficient);
}

function scaledTo(value: FiniteDecimal, exponent: number): bigint {
  if (value.coefficient === 0n) return 0n;
  return signedCoefficient(value) * 10n ** BigInt(value.exponent - exponent);
}

export function negateDecimal(value: Decimal): Decimal {
  return value.kind === 'nan' ? value : { ...value, negative: !value.negative };
}

export function absoluteDecimal(value: Decimal): Decimal {
  return value.kind === 'nan' ? value : { ...value, negative: false };
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.kind === 'nan' || b.kind === 'nan') return decimalNaN;
  const negative = a.negative !== b.negative;
  if (a.kind === 'infinite' || b.kind === 'infinite') {
    return isDecimalZero(a) || isDecimalZero(b) ? decimalNaN : infinite(negative);
  }
  return roundToFormat(finite(negative, a.coefficient * b.coefficient, a.exponent + b.exponent));
}

/** Division by zero gives infinity, 0/0 NaN; who must not divide by zero asks before. */
export function divideDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.kind === 'nan' || b.kind === 'nan') return decimalNaN;
  const negative = a.negative !== b.negative;
  if (a.kind === 'infinite') return b.kind === 'infinite' ? decimalNaN : infinite(negative);
  if (b.kind === 'infinite') return roundToFormat(finite(negative, 0n, -6176));
  if (b.coefficient === 0n) return a.coefficient === 0n ? decimalNaN : infinite(negative);
  const preferred = a.exponent - b.exponent;
  if (a.coefficient === 0n) return roundToFormat(finite(negative, 0n, preferred));
  const shift = Math.max(decimalDigits + 3 + digitsOf(b.coefficient) - digitsOf(a.coefficient), 0);
  const dividend = a.coefficient * 10n ** BigInt(shift);
  const quotient = dividend / b.coefficient;
  const isInexact = dividend % b.coefficient !== 0n;
  const result = finite(negative, quotient, preferred - shift);
  return isInexact ? roundToFormat(result, true) : roundToFormat(towardsExponent(result, preferred));
}

/** Drops zeros at the end until the exponent is the one wanted. */
function towardsExponent(value: FiniteDecimal, wanted: number): FiniteDecimal {
  let { coefficient, exponent } = value;
  while (exponent < wanted && coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent += 1;
  }
  return finite(value.negative, coefficient, exponent);
}

/** What is left of `a` after taking away as many whole `b` as go in; it has the sign of `a`. */
export function remainderOfDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.kind !== 'finite' || b.kind === 'nan' || isDecimalZero(b)) return decimalNaN;
  if (b.kind === 'infinite') return a;
  const exponent = Math.min(a.exponent, b.exponent);
  const divisor = b.coefficient * 10n ** BigInt(b.exponent - exponent);
  const power = BigInt(a.exponent - exponent);
  const left =
    power > 200n
      ? (a.coefficient % divisor) * modularPower(10n, power, divisor)
      : a.coefficient * 10n ** power;
  return roundToFormat(finite(a.negative, left % divisor, exponent));
}

function modularPower(base: bigint, power: bigint, modulus: bigint): bigint {
  let result = 1n;
  let factor = base % modulus;
  for (let left = power; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * factor) % modulus;
    factor = (factor * factor) % modulus;
  }
  return result;
}

export function squareRootOfDecimal(value: Decimal): Decimal {
  if (value.kind === 'nan') return value;
  if (value.kind === 'infinite') return value.negative ? decimalNaN : value;
  const preferred = Math.floor(value.exponent / 2);
  if (value.coefficient === 0n) return finite(value.negative, 0n, preferred);
  if (value.negative) return decimalNaN;
  const odd = value.exponent - 2 * preferred;
  let shift = 0;
  let radicand = value.coefficient * 10n ** BigInt(odd);
  const missing = 2 * (decimalDigits + 3) - digitsOf(radicand);
  if (missing > 0) {
    shift = Math.ceil(missing / 2);
    radicand *= 10n ** BigInt(2 * shift);
  }
  const root = integerSquareRoot(radicand);
  const result = finite(false, root, preferred - shift);
  return root * root === radicand
    ? roundToFormat(towardsExponent(result, preferred))
    : roundToFormat(result, true);
}

/** The greatest integer whose square is not above `value` (Newton's method). */
export function integerSquareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

export type DecimalRounding = 'half even' | 'down' | 'ceiling' | 'floor';

/** Rounds to `places` digits behind the point, before it when negative; what has fewer digits stays as it is, padded with zeros as far as they fit. */
export function quantizeDecimal(value: Decimal, places: number, rounding: DecimalRounding): Decimal {
  if (value.kind !== 'finite') return value;
  const exponent = -places;
  if (value.exponent >= exponent) {
    const padding = value.exponent - exponent;
    if (value.coefficient === 0n) return roundToFormat(finite(value.negative, 0n, exponent));
    if (digitsOf(value.coefficient) + padding > decimalDigits) return decimalNaN;
    return finite(value.negative, value.coefficient * 10n ** BigInt(padding), exponent);
  }
  const dropped = exponent - value.exponent;
  const isFar = dropped > digitsOf(value.coefficient) + 1;
  const divisor = isFar ? value.coefficient * 10n + 1n : 10n ** BigInt(dropped);
  const quotient = isFar ? 0n : value.coefficient / divisor;
  const rest = isFar ? value.coefficient : value.coefficient % divisor;
  const up = roundsUp(rounding, value.negative, quotient, rest, divisor);
  return roundToFormat(finite(value.negative, up ? quotient + 1n : quotient, exponent));
}

function roundsUp(
  rounding: DecimalRounding,
  negative: boolean,
  quotient: bigint,
  rest: bigint,
  divisor: bigint,
): boolean {
  if (rest === 0n) return false;
  switch (rounding) {
    case 'down':
      return false;
    case 'ceiling':
      return !negative;
    case 'floor':
      return negative;
    case 'half even': {
      const twice = rest * 2n;
      return twice > divisor || (twice === divisor && (quotient & 1n) === 1n);
    }
  }
}

/** Negative, zero or positive; NaN is below everything and equal to itself. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.kind === 'nan' || b.kind === 'nan') return Number(b.kind === 'nan') - Number(a.kind === 'nan');
  const rank = (value: Decimal): number => (value.kind === 'infinite' ? (value.negative ? -1 : 1) : 0);
  if (a.kind === 'infinite' || b.kind === 'infinite') return rank(a) - rank(b);
  return compareExact(exact(a), exact(b));
}

function exact(value: FiniteDecimal): { numerator: bigint; scale: number } {
  const numerator = signedCoefficient(value);
  return value.exponent <= 0
    ? { numerator, scale: -value.exponent }
    : { numerator: numerator * 10n ** BigInt(value.exponent), scale: 0 };
}
