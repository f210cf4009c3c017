/** Numbers as bytes, for the libraries that pack them. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { bytesOf, bufferOf } from '../../bytes/byte-string.ts';

export function bigEndian(value: bigint, size: number): Bytes {
  let bytes = '';
  for (let shift = size - 1; shift >= 0; shift -= 1) {
    bytes += String.fromCharCode(Number((value >> BigInt(shift * 8)) & 0xffn));
  }
  return bytes;
}

export function readBigEndian(bytes: Bytes): bigint {
  let value = 0n;
  for (let at = 0; at < bytes.length; at += 1) value = (value << 8n) | BigInt(bytes.charCodeAt(at));
  return value;
}

export function reversed(bytes: Bytes): Bytes {
  return bytes.split('').reverse().join('');
}

/** IEEE 754 in 4 or 8 bytes, the most significant first. */
export function floatBytes(value: number, size: 4 | 8): Bytes {
  const buffer = Buffer.alloc(size);
  if (size === 4) buffer.writeFloatBE(value);
  else buffer.writeDoubleBE(value);
  return bytesOf(buffer);
}

export function readFloat(bytes: Bytes): number {
  const buffer = bufferOf(bytes);
  return buffer.length === 4 ? buffer.readFloatBE() : buffer.readDoubleBE();
}
