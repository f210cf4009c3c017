/** Doubles read as C's strtod reads them: decimal, hexadecimal with a binary exponent, infinities and not-a-number. */
import type { Bytes } from '../bytes/byte-string.ts';

const grammar =
  /^[ \t\n\v\f\r]*([+-]?)(?:(inf(?:inity)?)|(nan(?:\([0-9a-z_]*\))?)|0x(?=[0-9a-f]|\.[0-9a-f])([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?|((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))/i;

export interface ReadDouble {
  readonly value: number;
  /** Where reading ended; 0 when no number was there. */
  readonly end: number;
}

export function readDouble(text: Bytes): ReadDouble {
  const found = grammar.exec(text);
  if (found === null) return { value: 0, end: 0 };
  const [whole, sign, infinity, nan, hexWhole, hexFraction = '', hexPower = '0', decimal] = found;
  const magnitude =
    infinity !== undefined
      ? Infinity
      : nan !== undefined
        ? NaN
        : decimal !== undefined
          ? Number(decimal)
          : hexadecimal(hexWhole ?? '', hexFraction, Number(hexPower));
  return { value: sign === '-' ? -magnitude : magnitude, end: whole.length };
}

/** A score, increment or timeout: the whole text, not empty, without leading space, and a number that a double holds. */
export function parseDouble(text: Bytes): number | undefined {
  if (text === '' || isSpace(text.charCodeAt(0))) return undefined;
  const { value, end } = readDouble(text);
  if (end !== text.length || Number.isNaN(value)) return undefined;
  const isOutOfRange = !Number.isFinite(value) && !/inf/i.test(text);
  const isUnderflow = value === 0 && /[1-9]/.test(text.replace(/e.*$/i, ''));
  return isOutOfRange || isUnderflow ? undefined : value;
}

/** End of a range of scores: as strtod has it, an empty text is 0 and leading space is passed over. */
export function parseBound(text: Bytes): number | undefined {
  const { value, end } = readDouble(text);
  const ended = text.indexOf('\0') === -1 ? text.length : text.indexOf('\0');
  return (end === 0 ? 0 : end) !== ended || Number.isNaN(value) ? undefined : value;
}

function hexadecimal(whole: string, fraction: string, power: number): number {
  const mantissa = BigInt(`0x${whole}${fraction}` === '0x' ? '0' : `0x${whole}${fraction}`);
  const exponent = power - fraction.length * 4;
  if (mantissa === 0n) return 0;
  const excess = mantissa.toString(2).length - 64;
  if (excess <= 0) return scale(Number(mantissa), exponent);
  // Bits beyond the 64 kept decide a tie only, so that one sticky bit stands for all of them.
  const shift = BigInt(excess);
  const isExact = (mantissa & ((1n << shift) - 1n)) === 0n;
  return scale(Number((mantissa >> shift) | (isExact ? 0n : 1n)), exponent + excess);
}

/** In two steps, since 2^exponent alone may be no double. */
function scale(value: number, exponent: number): number {
  const first = Math.max(-1000, Math.min(1000, exponent));
  const rest = Math.max(-1000, Math.min(1000, exponent - first));
  return value * 2 ** first * 2 ** rest;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
