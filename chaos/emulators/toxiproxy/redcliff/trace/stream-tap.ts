/**
 * Records one direction of one connection. The usual chunk, a few whole messages, is copied as it is; a message that is long or comes in parts is
 * recorded by itself, with its beginning only.
 */
import type { TraceRecorder } from './recorder.ts';

/** A chunk of whole messages is copied up to this size. */
const WHOLE_BYTES_MAX = 4096;

export interface StreamTapOptions {
  readonly recorder: TraceRecorder;
  readonly connection: number;
  readonly fromClient: boolean;
  /** Number of the message identified last. */
  readonly number: () => number;
  /** Called before the first record of a chunk. */
  readonly introduce: () => void;
}

interface Partial {
  readonly number: number;
  readonly firstMs: number;
  readonly streamOffset: number;
  totalBytes: number;
  bytes: Buffer;
}

export class StreamTap {
  readonly #options: StreamTapOptions;
  /** Offsets of this chunk at which messages began and ended. */
  #starts: number[] = [];
  #ends: number[] = [];
  #open = false;
  #partial: Partial | undefined;
  #firstNumber = 0;
  #streamBytes = 0;

  constructor(options: StreamTapOptions) {
    this.#options = options;
  }

  started(offset: number): void {
    if (!this.#options.recorder.active) return;
    if (this.#starts.length === 0) this.#firstNumber = this.#options.number() + 1;
    this.#starts.push(offset);
  }

  ended(offset: number): void {
    if (this.#options.recorder.active) this.#ends.push(offset);
  }

  /** After the borders in a chunk were told, and for a chunk in which no borders are looked for. */
  scanned(data: Buffer): void {
    const streamOffset = this.#streamBytes;
    this.#streamBytes += data.length;
    const recording = this.#options.recorder.recording;
    if (recording === undefined) {
      this.#open = false;
      this.#partial = undefined;
      return;
    }
    const starts = this.#starts;
    const ends = this.#ends;
    if (starts.length === 0 && ends.length === 0 && this.#partial === undefined) return;
    this.#options.introduce();
    const nowMs = this.#options.recorder.nowMs();
    const { connection, fromClient } = this.#options;
    if (!this.#open && this.#holdsWholeMessages() && data.length <= WHOLE_BYTES_MAX) {
      recording.ring.append({
        kind: 'whole',
        fromClient,
        connection,
        number: this.#firstNumber,
        firstMs: nowMs,
        lastMs: nowMs,
        streamOffset,
        totalBytes: data.length,
        bytes: data,
      });
    } else {
      this.#recordOneByOne(data, streamOffset, nowMs, recording.settings.messageBytesMax);
    }
    this.#starts = [];
    this.#ends = [];
  }

  #holdsWholeMessages(): boolean {
    return this.#starts.length === this.#ends.length && (this.#ends[0] ?? 0) > (this.#starts[0] ?? 0);
  }

  #recordOneByOne(data: Buffer, streamOffset: number, nowMs: number, bytesMax: number): void {
    const ends = [...this.#ends];
    const continues = ends.length > 0 && (ends[0] ?? 0) <= (this.#starts[0] ?? data.length);
    if (this.#open) this.#extend(data, continues ? ends.shift() : undefined, nowMs, bytesMax);
    // The end of a message that began before the recording.
    else if (continues) ends.shift();
    for (const [index, start] of this.#starts.entries()) {
      const end = ends[index];
      const message = data.subarray(start, end ?? data.length);
      const begun: Partial = {
        number: this.#firstNumber + index,
        firstMs: nowMs,
        streamOffset: streamOffset + start,
        totalBytes: message.length,
        bytes: message.subarray(0, bytesMax),
      };
      if (end !== undefined) {
        this.#record(begun, nowMs);
        continue;
      }
      this.#open = true;
      // Kept across chunks, so it must not share memory with the chunk.
      this.#partial = { ...begun, bytes: Buffer.from(begun.bytes) };
    }
  }

  /** The message begun in an earlier chunk goes on, up to `end` when it ends in this one. */
  #extend(data: Buffer, end: number | undefined, nowMs: number, bytesMax: number): void {
    const partial = this.#partial;
    if (partial !== undefined) {
      const part = data.subarray(0, end ?? data.length);
      const missing = bytesMax - partial.bytes.length;
      if (missing > 0) partial.bytes = Buffer.concat([partial.bytes, part.subarray(0, missing)]);
      partial.totalBytes += part.length;
      if (end !== undefined) this.#record(partial, nowMs);
    }
    if (end === undefined) return;
    this.#open = false;
    this.#partial = undefined;
  }

  #record(message: Partial, nowMs: number): void {
    const { recorder, connection, fromClient } = this.#options;
    recorder.recording?.ring.append({
      kind: 'message',
      fromClient,
      connection,
      number: message.number,
      firstMs: message.firstMs,
      lastMs: nowMs,
      streamOffset: message.streamOffset,
      totalBytes: message.totalBytes,
      bytes: message.bytes,
    });
  }
}
