/** Collects a frame's payload in one buffer that grows, with space for the header in front. */
import { frameHeaderBytes, sealFrame } from './frame.ts';

const firstBytes = 16 * 1024;

export class FrameBuilder {
  #buffer: Buffer;
  #length = frameHeaderBytes;

  constructor(expectedBytes = firstBytes) {
    this.#buffer = Buffer.allocUnsafe(Math.max(expectedBytes, frameHeaderBytes));
  }

  get payloadBytes(): number {
    return this.#length - frameHeaderBytes;
  }

  /** The whole frame, ready to be written. */
  seal(frame: number, salt: number): Buffer {
    const bytes = this.#buffer.subarray(0, this.#length);
    sealFrame(bytes, frame, salt);
    return bytes;
  }

  uint8(value: number): void {
    this.#reserve(1);
    this.#length = this.#buffer.writeUInt8(value, this.#length);
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeUInt32LE(value, this.#length);
  }

  uint48(value: number): void {
    this.#reserve(6);
    this.#length = this.#buffer.writeUIntLE(value, this.#length, 6);
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeDoubleLE(value, this.#length);
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + size));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
