/** A folder of the machine as the disk of a server. Files that are appended to stay open. */
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { bufferOf, type Bytes } from '../bytes/byte-string.ts';
import type { Disk } from './disk.ts';

interface OpenFile {
  readonly descriptor: number;
  /** A sync is under way, which needs the file open. */
  isSyncing: boolean;
  isUnwanted: boolean;
}

export class FileDisk implements Disk, Disposable {
  readonly #folder: string;
  readonly #open = new Map<string, OpenFile>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  read(name: string): Bytes | undefined {
    try {
      return readFileSync(this.#path(name), 'latin1');
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw thrown;
    }
  }

  write(name: string, contents: Bytes): void {
    this.#close(name);
    mkdirSync(path.dirname(this.#path(name)), { recursive: true });
    writeFileSync(this.#path(name), contents, 'latin1');
  }

  append(name: string, contents: Bytes): void {
    const bytes = bufferOf(contents);
    const { descriptor } = this.#opened(name);
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
  }

  sync(name: string): void {
    fdatasyncSync(this.#opened(name).descriptor);
  }

  syncInBackground(name: string, done: (error: Error | undefined) => void): void {
    const file = this.#opened(name);
    file.isSyncing = true;
    fdatasync(file.descriptor, (error) => {
      file.isSyncing = false;
      if (file.isUnwanted) closeSync(file.descriptor);
      done(error ?? undefined);
    });
  }

  rename(from: string, to: string): void {
    this.#close(from);
    this.#close(to);
    renameSync(this.#path(from), this.#path(to));
    const folder = openSync(path.dirname(this.#path(to)), 'r');
    fsyncSync(folder);
    closeSync(folder);
  }

  remove(name: string): void {
    this.#close(name);
    rmSync(this.#path(name), { force: true });
  }

  truncate(name: string, length: number): void {
    truncateSync(this.#path(name), length);
  }

  [Symbol.dispose](): void {
    for (const name of this.#open.keys()) this.#close(name);
  }

  #path(name: string): string {
    return path.join(this.#folder, name);
  }

  #opened(name: string): OpenFile {
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    const file = { descriptor: openSync(this.#path(name), 'a'), isSyncing: false, isUnwanted: false };
    this.#open.set(name, file);
    return file;
  }

  #close(name: string): void {
    const file = this.#open.get(name);
    if (file === undefined) return;
    this.#open.delete(name);
    if (file.isSyncing) file.isUnwanted = true;
    else closeSync(file.descriptor);
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
}
