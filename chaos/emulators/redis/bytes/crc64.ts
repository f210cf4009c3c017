/** CRC-64 with the polynomial of Jones, which Redis puts behind dumps and snapshots: reflected, no inversion. */
import type { Bytes } from './byte-string.ts';

const polynomial = 0x95ac_9329_ac4b_c9b5n;
const table = Array.from({ length: 256 }, (_, index) => {
  let crc = BigInt(index);
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ polynomial : crc >> 1n;
  return crc;
});
const low = Uint32Array.from(table, (crc) => Number(crc & 0xffff_ffffn));
const high = Uint32Array.from(table, (crc) => Number(crc >> 32n));

/** Eight bytes, the least significant first. */
export function crc64(bytes: Bytes): Bytes {
  let lowHalf = 0;
  let highHalf = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const index = (lowHalf ^ bytes.charCodeAt(at)) & 0xff;
    lowHalf = ((lowHalf >>> 8) | (highHalf << 24)) ^ (low[index] ?? 0);
    highHalf = (highHalf >>> 8) ^ (high[index] ?? 0);
  }
  const buffer = Buffer.alloc(8);
  buffer.writeUInt32LE(lowHalf >>> 0, 0);
  buffer.writeUInt32LE(highHalf >>> 0, 4);
  return buffer.toString('latin1');
}
