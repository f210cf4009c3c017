/** Numbers to whole numbers and to places behind or before the point, in the type that came in. */
import { Long } from 'bson';
import { decimalNaN, decimalOfDouble, decimalOfValue, encodeDecimal, signedCoefficient } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import { quantizeDecimal } from './decimal-arithmetic.ts';
import type { DecimalRounding } from './decimal-arithmetic.ts';
import { doubleOf, fitsLong, intOrLong, integerOf, numberTypeOf, toDouble } from './number-type.ts';

/** Nearest integer, halves away from zero; undefined when it does not fit 64 bits, or is no number. */
export function roundedToLong(value: unknown): bigint | undefined {
  switch (numberTypeOf(value)) {
    case 'int':
    case 'long':
      return integerOf(value);
    case 'double': {
      const double = toDouble(value);
      if (!Number.isFinite(double)) return undefined;
      const magnitude = Math.abs(double);
      const whole = Math.floor(magnitude);
      const rounded = magnitude - whole >= 0.5 ? whole + 1 : whole;
      return inRange(BigInt(double < 0 ? -rounded : rounded));
    }
    case 'decimal': {
      const whole = wholeOf(quantizeDecimal(decimalOfValue(value, 34), 0, 'half even'));
      return whole === undefined ? undefined : inRange(whole);
    }
    case undefined:
      return undefined;
  }
}

/** Towards zero; undefined when it does not fit 64 bits, or is no number. */
export function truncatedToLong(value: unknown): bigint | undefined {
  switch (numberTypeOf(value)) {
    case 'int':
    case 'long':
      return integerOf(value);
    case 'double': {
      const double = toDouble(value);
      return Number.isFinite(double) ? inRange(BigInt(Math.trunc(double))) : undefined;
    }
    case 'decimal': {
      const whole = wholeOf(quantizeDecimal(decimalOfValue(value, 34), 0, 'down'));
      return whole === undefined ? undefined : inRange(whole);
    }
    case undefined:
      return undefined;
  }
}

function inRange(value: bigint): bigint | undefined {
  return fitsLong(value) ? value : undefined;
}

/** A number that has no fraction, as an integer of 64 bits; undefined for all other values. */
export function exactLong(value: unknown): bigint | undefined {
  const type = numberTypeOf(value);
  if (type === 'int' || type === 'long') return integerOf(value);
  const truncated = truncatedToLong(value);
  if (truncated === undefined) return undefined;
  if (type === 'double') return Number(truncated) === toDouble(value) ? truncated : undefined;
  const decimal = decimalOfValue(value, 34);
  return decimal.kind === 'finite' && isWhole(decimal) ? truncated : undefined;
}

/** As `exactLong`, in 32 bits. */
export function exactInt(value: unknown): number | undefined {
  const whole = exactLong(value);
  return whole !== undefined && BigInt.asIntN(32, whole) === whole ? Number(whole) : undefined;
}

function isWhole(value: Decimal): boolean {
  if (value.kind !== 'finite') return false;
  return value.exponent >= 0 || value.coefficient % 10n ** BigInt(-value.exponent) === 0n;
}

function wholeOf(value: Decimal): bigint | undefined {
  if (value.kind !== 'finite' || value.exponent > 40) return undefined;
  const coefficient = signedCoefficient(value);
  return value.exponent >= 0
    ? coefficient * 10n ** BigInt(value.exponent)
    : coefficient / 10n ** BigInt(-value.exponent);
}

/** To whole numbers up or down. A decimal too large for 34 digits before its point becomes NaN, as in MongoDB. */
export function roundToWhole(value: unknown, rounding: 'ceiling' | 'floor'): unknown {
  switch (numberTypeOf(value)) {
    case 'double':
      return doubleOf(rounding === 'floor' ? Math.floor(toDouble(value)) : Math.ceil(toDouble(value)));
    case 'decimal': {
      const decimal = decimalOfValue(value, 34);
      return encodeDecimal(decimal.kind === 'infinite' ? decimalNaN : quantizeDecimal(decimal, 0, rounding));
    }
    default:
      return value;
  }
}

/**
 * To `places` digits behind the point, or before it when negative. An int that grows beyond 32 bits becomes a long;
 * undefined when a long grows beyond 64.
 */
export function roundToPlaces(value: unknown, places: number, rounding: DecimalRounding): unknown {
  const type = numberTypeOf(value);
  if (type === 'decimal') {
    const rounded = quantizeDecimal(decimalOfValue(value, 34), places, rounding);
    return rounded.kind === 'finite' ? encodeDecimal(rounded) : value;
  }
  if (type === 'double') {
    const double = toDouble(value);
    if (!Number.isFinite(double)) return value;
    const rounded = quantizeDecimal(decimalOfDouble(double, 34), places, rounding);
    return rounded.kind === 'finite' ? doubleOf(Number(encodeDecimal(rounded).toString())) : value;
  }
  if (places >= 0) return value;
  const rounded = wholeOf(quantizeDecimal(decimalOfValue(value, 34), places, rounding)) ?? 0n;
  if (type === 'int') return intOrLong(rounded);
  return fitsLong(rounded) ? Long.fromBigInt(rounded) : undefined;
}
