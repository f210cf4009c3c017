/** Bytes that an item takes in a listpack (https://github.com/antirez/listpack), by which streams decide when a node is full. */
import type { Bytes } from '../bytes/byte-string.ts';
import { parseInt64 } from '../numbers/integers.ts';

/** Header and end of a listpack. */
export const listpackFrameBytes = 7;

export function listpackBytes(item: Bytes): number {
  const integer = item.length <= 20 ? parseInt64(item) : undefined;
  const encoded = integer === undefined ? textBytes(item.length) : integerBytes(integer);
  return encoded + backLengthBytes(encoded);
}

function integerBytes(value: bigint): number {
  if (value >= 0n && value <= 127n) return 1;
  if (value >= -4096n && value <= 4095n) return 2;
  if (value >= -32_768n && value <= 32_767n) return 3;
  if (value >= -8_388_608n && value <= 8_388_607n) return 4;
  if (value >= -2_147_483_648n && value <= 2_147_483_647n) return 5;
  return 9;
}

function textBytes(length: number): number {
  if (length < 64) return 1 + length;
  return (length < 4096 ? 2 : 5) + length;
}

/** The length that is written behind an item, to go backwards. */
function backLengthBytes(encoded: number): number {
  if (encoded <= 127) return 1;
  if (encoded < 16_383) return 2;
  if (encoded < 2_097_151) return 3;
  return encoded < 268_435_455 ? 4 : 5;
}
