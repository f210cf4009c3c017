/** Integers of any width at any bit of a string, the most significant bit first. Bits behind the end are 0. */
export function readBits(bytes: Buffer, offset: number, width: number): bigint {
  let value = 0n;
  let at = Math.floor(offset / 8);
  let missing = width + (offset % 8);
  // Byte by byte, then what does not belong is cut off at both ends.
  while (missing > 0) {
    value = (value << 8n) | BigInt(bytes[at] ?? 0);
    at += 1;
    missing -= 8;
  }
  return BigInt.asUintN(width, value >> BigInt(-missing));
}

/** The buffer has to be long enough. */
export function writeBits(bytes: Buffer, offset: number, width: number, value: bigint): void {
  let bits = BigInt.asUintN(width, value);
  for (let at = offset + width - 1; at >= offset; at -= 1) {
    setBit(bytes, at, (bits & 1n) === 1n);
    bits >>= 1n;
  }
}

export function bitAt(bytes: Buffer, offset: number): 0 | 1 {
  const byte = bytes[Math.floor(offset / 8)] ?? 0;
  return ((byte >> (7 - (offset % 8))) & 1) === 1 ? 1 : 0;
}

export function setBit(bytes: Buffer, offset: number, isSet: boolean): void {
  const index = Math.floor(offset / 8);
  const mask = 0x80 >> (offset % 8);
  const byte = bytes[index] ?? 0;
  bytes[index] = isSet ? byte | mask : byte & ~mask;
}

/** Number of ones from one bit up to, not including, another. */
export function countBits(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  let at = from;
  while (at < to) {
    if (at % 8 === 0 && at + 8 <= to) {
      count += onesInByte[bytes[at / 8] ?? 0] ?? 0;
      at += 8;
    } else {
      count += bitAt(bytes, at);
      at += 1;
    }
  }
  return count;
}

/** The first such bit from one up to, not including, another. */
export function findBit(bytes: Buffer, wanted: 0 | 1, from: number, to: number): number | undefined {
  const skipped = wanted === 1 ? 0 : 0xff;
  let at = from;
  while (at < to) {
    if (at % 8 === 0 && at + 8 <= to && bytes[at / 8] === skipped) {
      at += 8;
    } else {
      if (bitAt(bytes, at) === wanted) return at;
      at += 1;
    }
  }
  return undefined;
}

const onesInByte = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);
