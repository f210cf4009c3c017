/**
 * Extended precision of x86 (64 bits of mantissa), in which INCRBYFLOAT and HINCRBYFLOAT add: 0.1 + 0.2 is 0.3 there. Only what these
 * commands need: reading, adding, and printing as `%.17Lf`.
 */
import type { Bytes } from '../bytes/byte-string.ts';
import { divideToEven, roundScaled } from './decimal.ts';

/** `±mantissa · 2^exponent` with a mantissa of at most 64 bits, or an infinity. */
export type LongDouble =
  | { readonly kind: 'finite'; readonly mantissa: bigint; readonly exponent: number }
  | { readonly kind: 'infinite'; readonly isNegative: boolean };

const mantissaBits = 64;
const exponentMax = 16_383 - 63;
const exponentMin = -16_382 - 63;
const grammar =
  /^([+-]?)(?:(inf(?:inity)?)|0x(?=[0-9a-f]|\.[0-9a-f])([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?|(\d+\.?\d*|\.\d+)(?:e([+-]?\d+))?)$/i;

/** Undefined for what is no number, or none that fits. */
export function parseLongDouble(text: Bytes): LongDouble | undefined {
  const found = grammar.exec(text);
  if (found === null) return undefined;
  const [, sign, infinity, hexWhole, hexFraction = '', hexPower = '0', decimal, power = '0'] = found;
  const isNegative = sign === '-';
  if (infinity !== undefined) return { kind: 'infinite', isNegative };
  const value =
    decimal !== undefined
      ? fromDecimal(decimal, Number(power))
      : fromRatio(BigInt(`0x0${hexWhole}${hexFraction}`), 1n, Number(hexPower) - hexFraction.length * 4);
  if (value === undefined) return undefined;
  return { ...value, mantissa: isNegative ? -value.mantissa : value.mantissa };
}

/** Rounded to nearest even; undefined for an infinity, or for what is no number. */
export function addLongDoubles(left: LongDouble, right: LongDouble): LongDouble | undefined {
  if (left.kind === 'infinite' || right.kind === 'infinite') return undefined;
  const exponent = Math.min(left.exponent, right.exponent);
  const sum =
    (left.mantissa << BigInt(left.exponent - exponent)) +
    (right.mantissa << BigInt(right.exponent - exponent));
  const magnitude = fromRatio(sum < 0n ? -sum : sum, 1n, exponent);
  if (magnitude === undefined) return undefined;
  return { ...magnitude, mantissa: sum < 0n ? -magnitude.mantissa : magnitude.mantissa };
}

/** `%.17Lf` without trailing zeros. */
export function formatLongDouble(value: LongDouble): string {
  if (value.kind === 'infinite') return value.isNegative ? '-inf' : 'inf';
  const isNegative = value.mantissa < 0n;
  const mantissa = isNegative ? -value.mantissa : value.mantissa;
  const digits = roundScaled({ mantissa, exponent: value.exponent }, 17).toString().padStart(18, '0');
  const text = `${digits.slice(0, -17)}.${digits.slice(-17)}`.replace(/\.?0+$/, '');
  return isNegative && text !== '0' ? `-${text}` : text;
}

/** `⌈value · factor⌉`, exact; undefined for an infinity. */
export function ceilOfProduct(value: LongDouble, factor: bigint): bigint | undefined {
  if (value.kind === 'infinite') return undefined;
  const product = value.mantissa * factor;
  if (value.exponent >= 0) return product << BigInt(value.exponent);
  // A shift to the right rounds down, so that the opposite is shifted.
  return -(-product >> BigInt(-value.exponent));
}

type Finite = Extract<LongDouble, { kind: 'finite' }>;

function fromDecimal(decimal: string, power: number): Finite | undefined {
  const [whole = '', fraction = ''] = decimal.split('.');
  const digits = BigInt(`0${whole}${fraction}`);
  if (digits === 0n) return { kind: 'finite', mantissa: 0n, exponent: 0 };
  const shift = power - fraction.length;
  const size = digits.toString().length + shift;
  if (size > 4940 || size < -4970) return undefined;
  return shift >= 0
    ? fromRatio(digits * 10n ** BigInt(shift), 1n, 0)
    : fromRatio(digits, 10n ** BigInt(-shift), 0);
}

/** `numerator / denominator · 2^power`, rounded; undefined when it overflows or vanishes. */
function fromRatio(numerator: bigint, denominator: bigint, power: number): Finite | undefined {
  if (numerator === 0n) return { kind: 'finite', mantissa: 0n, exponent: 0 };
  const excess = bitLength(numerator) - bitLength(denominator) - mantissaBits;
  let exponent = Math.max(power + excess, exponentMin);
  let mantissa = divideShifted(numerator, denominator, power - exponent);
  if (bitLength(mantissa) > mantissaBits) {
    exponent += 1;
    mantissa = divideShifted(numerator, denominator, power - exponent);
  } else if (bitLength(mantissa) < mantissaBits && exponent > exponentMin) {
    exponent -= 1;
    mantissa = divideShifted(numerator, denominator, power - exponent);
  }
  if (bitLength(mantissa) > mantissaBits) {
    mantissa >>= 1n;
    exponent += 1;
  }
  if (exponent > exponentMax || mantissa === 0n) return undefined;
  return { kind: 'finite', mantissa, exponent };
}

function divideShifted(numerator: bigint, denominator: bigint, shift: number): bigint {
  return shift >= 0
    ? divideToEven(numerator << BigInt(shift), denominator)
    : divideToEven(numerator, denominator << BigInt(-shift));
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}
