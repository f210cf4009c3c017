/**
 * The files of the data folder are a header followed by frames, each with a checksum of its own.
 *
 * A frame of the journal is what one fsync made durable, and the next one is begun only after that. So an invalid
 * frame with nothing behind it is a write that was cut off and acknowledged to nobody, and an invalid frame before a
 * valid one is damage. Every file has a salt that enters its checksums, so that bytes of a journal stored in a
 * document are not taken for a frame.
 */
import { crc32 } from 'node:zlib';

export const fileHeaderBytes = 32;
export const frameHeaderBytes = 24;
const fileMagic = Buffer.from('RCSTORE1', 'latin1');
const frameMagic = 0x52434652;

export interface FileHeader {
  readonly salt: number;
  /** Number of the journal segment, or for a snapshot of the first segment to replay after it. */
  readonly segment: number;
  /** Number of the first frame in this file. Frames of the journal are numbered through all its segments. */
  readonly firstFrame: number;
}

export interface FrameHeader {
  readonly payloadBytes: number;
  readonly frame: number;
  readonly payloadChecksum: number;
}

export function encodeFileHeader(header: FileHeader): Buffer {
  const bytes = Buffer.alloc(fileHeaderBytes);
  bytes.set(fileMagic, 0);
  bytes.writeUInt32LE(header.salt, 8);
  bytes.writeUIntLE(header.segment, 12, 6);
  bytes.writeUIntLE(header.firstFrame, 18, 6);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 28)), 28);
  return bytes;
}

/** Undefined unless the bytes begin with a valid header. */
export function decodeFileHeader(bytes: Buffer): FileHeader | undefined {
  if (bytes.length < fileHeaderBytes || !bytes.subarray(0, 8).equals(fileMagic)) return undefined;
  if (crc32(bytes.subarray(0, 28)) !== bytes.readUInt32LE(28)) return undefined;
  return {
    salt: bytes.readUInt32LE(8),
    segment: bytes.readUIntLE(12, 6),
    firstFrame: bytes.readUIntLE(18, 6),
  };
}

/** Fills in the header of a frame whose payload stands in `bytes` behind the space for it. */
export function sealFrame(bytes: Buffer, frame: number, salt: number): void {
  bytes.writeUInt32LE(frameMagic, 0);
  bytes.writeUInt32LE(bytes.length - frameHeaderBytes, 4);
  bytes.writeUIntLE(frame, 8, 6);
  bytes.writeUInt16LE(0, 14);
  bytes.writeUInt32LE(crc32(bytes.subarray(frameHeaderBytes), salt), 16);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 20), salt), 20);
}

/** Undefined unless a valid frame header stands at `at`. */
export function decodeFrameHeader(bytes: Buffer, at: number, salt: number): FrameHeader | undefined {
  if (at + frameHeaderBytes > bytes.length || bytes.readUInt32LE(at) !== frameMagic) return undefined;
  if (crc32(bytes.subarray(at, at + 20), salt) !== bytes.readUInt32LE(at + 20)) return undefined;
  return {
    payloadBytes: bytes.readUInt32LE(at + 4),
    frame: bytes.readUIntLE(at + 8, 6),
    payloadChecksum: bytes.readUInt32LE(at + 16),
  };
}

export function isPayloadValid(header: FrameHeader, payload: Buffer, salt: number): boolean {
  return payload.length === header.payloadBytes && crc32(payload, salt) === header.payloadChecksum;
}

/** Offset of the next place from `at` on where a frame may begin; -1 when there is none. */
export function nextFrameMagic(bytes: Buffer, at: number): number {
  return bytes.indexOf(magicBytes, at);
}

const magicBytes = Buffer.alloc(4);
magicBytes.writeUInt32LE(frameMagic);
