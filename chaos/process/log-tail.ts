/**
 * Reads what a process writes to its log file. The file is the process's own stdout and stderr, so that its output costs
 * the harness nothing under load, and is complete even if the harness dies.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

const lastLinesBytes = 16 * 1024;
/** A log may grow faster than it is read. */
const readBytesMax = 4 * 1024 * 1024;

export class LogTail {
  readonly file: string;
  #offset: number;
  #rest = '';

  /** Reads from `offset` on: a log goes on when its process is started again. */
  constructor(file: string, offset: number) {
    this.file = file;
    this.#offset = offset;
  }

  /** Further complete lines, of those written since the last call. */
  readLines(): string[] {
    const text = readFrom(this.file, this.#offset);
    this.#offset += text.length;
    const lines = `${this.#rest}${text.toString('utf8')}`.split('\n');
    this.#rest = lines.pop() ?? '';
    return lines;
  }

  /** The last lines of the log, for an error message: as many as Node.js needs for an error that nothing caught. */
  lastLines(count = 24): string[] {
    const size = sizeOf(this.file);
    const text = readFrom(this.file, Math.max(0, size - lastLinesBytes)).toString('utf8');
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-count);
  }
}

export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function readFrom(file: string, offset: number): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const size = Math.max(0, fstatSync(descriptor).size - offset);
    const buffer = Buffer.alloc(Math.min(size, readBytesMax));
    return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, offset));
  } finally {
    closeSync(descriptor);
  }
}
