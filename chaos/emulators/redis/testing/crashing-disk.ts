/** A disk in memory that forgets at a crash what was not synced; what was appended last may be torn in the middle. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { Disk } from '../persistence/disk.ts';

export class CrashingDisk implements Disk {
  #files = new Map<string, Bytes>();
  #durable = new Map<string, Bytes>();
  /** Set to refuse to write, as a full disk does. */
  isFull = false;

  read(name: string): Bytes | undefined {
    return this.#files.get(name);
  }

  write(name: string, contents: Bytes): void {
    this.#checkSpace();
    this.#files.set(name, contents);
  }

  append(name: string, contents: Bytes): void {
    this.#checkSpace();
    this.#files.set(name, (this.#files.get(name) ?? '') + contents);
  }

  sync(name: string): void {
    const contents = this.#files.get(name);
    if (contents !== undefined) this.#durable.set(name, contents);
  }

  syncInBackground(name: string, done: (error: Error | undefined) => void): void {
    this.sync(name);
    done(undefined);
  }

  rename(from: string, to: string): void {
    for (const files of [this.#files, this.#durable]) {
      const contents = files.get(from);
      if (contents === undefined) continue;
      files.set(to, contents);
      files.delete(from);
    }
  }

  remove(name: string): void {
    this.#files.delete(name);
    this.#durable.delete(name);
  }

  truncate(name: string, length: number): void {
    const contents = this.#files.get(name);
    if (contents !== undefined) this.#files.set(name, contents.slice(0, length));
  }

  /** The power goes; of what was not synced, the first `tornBytes` of each file reached the disk. */
  crash(tornBytes = 0): void {
    const left = new Map<string, Bytes>();
    for (const [name, contents] of this.#files) {
      const durable = this.#durable.get(name);
      if (durable !== undefined) left.set(name, contents.slice(0, durable.length + tornBytes));
    }
    this.#files = left;
    this.#durable = new Map(left);
  }

  #checkSpace(): void {
    if (this.isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  }
}
