/**
 * Keys, values and messages are byte strings: JavaScript strings of which every code unit is one byte (0 to 255). They compare,
 * hash and slice as the bytes do, and need no copy to be a key of a map.
 */
export type Bytes = string;

export function bytesOf(buffer: Uint8Array): Bytes {
  return Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength).toString('latin1');
}

export function bufferOf(bytes: Bytes): Buffer {
  return Buffer.from(bytes, 'latin1');
}

/** The UTF-8 bytes of a text. */
export function utf8Bytes(text: string): Bytes {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Order of memcmp, then the shorter first. */
export function compareBytes(left: Bytes, right: Bytes): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** ASCII letters only, whatever the other bytes mean. */
export function lowerCase(bytes: Bytes): Bytes {
  return bytes.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

export function upperCase(bytes: Bytes): Bytes {
  return bytes.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** What C's functions see of it where they take a text up to its first NUL, as those that format messages do. */
export function untilNul(bytes: Bytes): Bytes {
  const end = bytes.indexOf('\0');
  return end === -1 ? bytes : bytes.slice(0, end);
}
