/**
 * A disk that forgets as a real one may: at a crash, what was not synced is there in part or not at all. It can fail
 * or crash at any of its operations, which tests count.
 */
import { basename, dirname } from 'node:path';
import type { Random } from '../../../../random.ts';
import type { Disk, DiskFile } from '../journal/disk.ts';

interface Content {
  bytes: Buffer;
  syncedBytes: number;
}

export class MemoryDisk implements Disk {
  /** As programs see it. */
  files = new Map<string, Content>();
  /** As it is after a crash: names as of the last sync of their folder. */
  #durableNames = new Map<string, Content>();
  operations = 0;
  /** The operation with this number, counted from 0, and all after it fail with this error. */
  failure: { readonly from: number; readonly error: Error } | undefined;

  createFolder(): Promise<void> {
    return Promise.resolve();
  }

  async list(folder: string): Promise<string[]> {
    return [...this.files.keys()].filter((path) => dirname(path) === folder).map((path) => basename(path));
  }

  async create(path: string): Promise<DiskFile> {
    await this.#operation();
    const content = { bytes: Buffer.alloc(0), syncedBytes: 0 };
    this.files.set(path, content);
    return this.#handle(content);
  }

  async openForReading(path: string): Promise<DiskFile> {
    return this.#handle(this.#existing(path));
  }

  async openForAppending(path: string, bytes: number): Promise<DiskFile> {
    await this.#operation();
    const content = this.#existing(path);
    content.bytes = content.bytes.subarray(0, bytes);
    content.syncedBytes = bytes;
    return this.#handle(content);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#operation();
    this.files.set(to, this.#existing(from));
    this.files.delete(from);
  }

  async remove(path: string): Promise<void> {
    await this.#operation();
    this.files.delete(path);
  }

  async lock(): Promise<AsyncDisposable> {
    return { [Symbol.asyncDispose]: () => Promise.resolve() };
  }

  async syncFolder(): Promise<void> {
    await this.#operation();
    this.#durableNames = new Map(this.files);
  }

  /** What is found after the power went; names not synced are there or not, all of them alike. */
  afterCrash(random: Random): MemoryDisk {
    const found = new MemoryDisk();
    const names = random.next() < 0.5 ? this.files : this.#durableNames;
    for (const [path, { bytes, syncedBytes }] of names) {
      const kept = Buffer.from(bytes.subarray(0, random.integer(syncedBytes, bytes.length)));
      const damagedFrom = random.integer(syncedBytes, bytes.length);
      if (random.next() < 0.3) kept.fill(0, Math.min(damagedFrom, kept.length));
      found.files.set(path, { bytes: kept, syncedBytes: kept.length });
    }
    found.#durableNames = new Map(found.files);
    return found;
  }

  /** The same files in another disk, with one of them replaced. */
  copyWith(path: string, bytes: Buffer): MemoryDisk {
    const copy = new MemoryDisk();
    for (const [name, content] of this.files) {
      const copied = name === path ? bytes : content.bytes;
      copy.files.set(name, { bytes: Buffer.from(copied), syncedBytes: copied.length });
    }
    copy.#durableNames = new Map(copy.files);
    return copy;
  }

  #existing(path: string): Content {
    const content = this.files.get(path);
    if (content === undefined) throw new Error(`ENOENT: no such file ${path}`);
    return content;
  }

  async #operation(): Promise<void> {
    const number = this.operations;
    this.operations += 1;
    await Promise.resolve();
    if (this.failure !== undefined && number >= this.failure.from) throw this.failure.error;
  }

  #handle(content: Content): DiskFile {
    return {
      append: async (bytes) => {
        const before = content.bytes;
        // A write that fails may have written a part.
        content.bytes = Buffer.concat([before, bytes.subarray(0, bytes.length >> 1)]);
        await this.#operation();
        content.bytes = Buffer.concat([before, bytes]);
      },
      sync: async () => {
        await this.#operation();
        content.syncedBytes = content.bytes.length;
      },
      read: async (bytes, offset) => content.bytes.copy(bytes, 0, offset),
      size: async () => content.bytes.length,
      close: () => Promise.resolve(),
    };
  }
}
