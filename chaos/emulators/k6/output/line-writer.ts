/**
 * Appends lines to a file or stream in large portions. Writes are synchronous, so that what was handed over is on
 * its way before the process can end, and rare, so that they cost the run nothing.
 */
import { Buffer } from 'node:buffer';
import { closeSync, openSync, writeSync } from 'node:fs';

// Kept here because scripts must not find these under their global names.
const { wait } = Atomics;
const pauseCell = new Int32Array(new SharedArrayBuffer(4));
const portionCharacters = 65_536;

export class LineWriter implements Disposable {
  readonly #descriptor: number;
  readonly #owned: boolean;
  #lines: string[] = [];
  #characters = 0;
  #closed = false;

  private constructor(descriptor: number, owned: boolean) {
    this.#descriptor = descriptor;
    this.#owned = owned;
  }

  /** Replaces the file at `path`. */
  static toFile(path: string): LineWriter {
    return new LineWriter(openSync(path, 'w'), true);
  }

  static toDescriptor(descriptor: number): LineWriter {
    return new LineWriter(descriptor, false);
  }

  write(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length;
    if (this.#characters >= portionCharacters) this.flush();
  }

  /** As they are, without a line break. */
  writeBytes(bytes: Uint8Array): void {
    this.flush();
    if (!this.#closed) writeFully(this.#descriptor, Buffer.from(bytes));
  }

  flush(): void {
    if (this.#lines.length === 0 || this.#closed) return;
    const bytes = Buffer.from(`${this.#lines.join('\n')}\n`);
    this.#lines = [];
    this.#characters = 0;
    writeFully(this.#descriptor, bytes);
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    if (this.#owned) closeSync(this.#descriptor);
  }
}

/** A pipe whose reader is slow answers EAGAIN; it is tried again until it takes the rest. */
function writeFully(descriptor: number, bytes: Buffer): void {
  for (let offset = 0; offset < bytes.length;) {
    try {
      offset += writeSync(descriptor, bytes, offset);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return;
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      wait(pauseCell, 0, 0, 1);
    }
  }
}
