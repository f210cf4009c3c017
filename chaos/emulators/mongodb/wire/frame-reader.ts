/**
 * Cuts the byte stream of a connection into wire messages. Chunks are kept as they come and joined once a message
 * is complete, so that a message of 48 MB costs one copy.
 */
import { FrameError } from '../errors.ts';

export const headerBytes = 16;
/** MongoDB's MaxMessageSizeBytes. */
export const maxMessageBytes = 48_000_000;

export class FrameReader {
  #chunks: Buffer[] = [];
  #bufferedBytes = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bufferedBytes += chunk.length;
  }

  /** The next complete message with its header. @throws FrameError when the length cannot be one. */
  next(): Buffer | undefined {
    if (this.#bufferedBytes < 4) return undefined;
    const first = this.#firstWithAtLeast(4);
    const messageBytes = first.readInt32LE(0);
    if (messageBytes < headerBytes || messageBytes > maxMessageBytes) {
      throw new FrameError(
        `message of ${messageBytes} bytes, allowed are ${headerBytes} to ${maxMessageBytes}`,
      );
    }
    if (this.#bufferedBytes < messageBytes) return undefined;
    const whole = this.#firstWithAtLeast(messageBytes);
    if (whole.length === messageBytes) this.#chunks.shift();
    else this.#chunks[0] = whole.subarray(messageBytes);
    this.#bufferedBytes -= messageBytes;
    return whole.length === messageBytes ? whole : whole.subarray(0, messageBytes);
  }

  #firstWithAtLeast(bytes: number): Buffer {
    const first = this.#chunks[0];
    if (first !== undefined && first.length >= bytes) return first;
    const joined = Buffer.concat(this.#chunks, this.#bufferedBytes);
    this.#chunks = [joined];
    return joined;
  }
}
