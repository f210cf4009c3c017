/**
 * Integers as Redis reads them from arguments and values: decimal, no leading zeros, no plus, no white space, 64 bits.
 */
import type { Bytes } from '../bytes/byte-string.ts';

export const int64Max = 9_223_372_036_854_775_807n;
export const int64Min = -9_223_372_036_854_775_808n;
const pattern = /^(?:0|-?[1-9]\d{0,18})$/;

/** As a number; beyond 2^53 it is rounded, which is right only where sizes and positions are compared. */
export function parseInteger(text: Bytes): number | undefined {
  if (!pattern.test(text)) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  return parseInt64(text) === undefined ? undefined : value;
}

/** Exact. */
export function parseInt64(text: Bytes): bigint | undefined {
  if (!pattern.test(text)) return undefined;
  const value = BigInt(text);
  return value >= int64Min && value <= int64Max ? value : undefined;
}

/** Unsigned 64 bits, as parts of stream IDs are. What parseInt64 does not take is read by C's strtoull, which takes more. */
export function parseUnsigned(text: Bytes): bigint | undefined {
  const plain = parseInt64(text);
  if (plain !== undefined) return plain < 0n ? undefined : plain;
  const [, sign, digits] = /^[ \t-\r]*([+-]?)(\d+)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const value = BigInt(digits);
  if (value > 0xffff_ffff_ffff_ffffn) return undefined;
  return sign === '-' ? BigInt.asUintN(64, -value) : value;
}

export function fitsInt64(value: bigint): boolean {
  return value >= int64Min && value <= int64Max;
}
