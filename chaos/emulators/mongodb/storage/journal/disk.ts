/** The few things the journal asks of a file system, so that tests can fill the disk or make it fail. */
import { open, mkdir, readdir, rename, unlink } from 'node:fs/promises';
import { lockFolder } from './folder-lock.ts';

export interface DiskFile {
  /** Writes all bytes at the end of what was written so far. */
  append(bytes: Uint8Array): Promise<void>;
  /** Resolves when all that was appended is on the device (`fdatasync`). */
  sync(): Promise<void>;
  /** Reads up to `bytes.length` bytes at `offset`; returns how many there were. */
  read(bytes: Uint8Array, offset: number): Promise<number>;
  size(): Promise<number>;
  close(): Promise<void>;
}

export interface Disk {
  createFolder(folder: string): Promise<void>;
  list(folder: string): Promise<string[]>;
  create(path: string): Promise<DiskFile>;
  openForReading(path: string): Promise<DiskFile>;
  /** Cuts the file to `bytes` and opens it to append behind them. */
  openForAppending(path: string, bytes: number): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Keeps other processes out of the folder; throws `FolderInUseError`. */
  lock(folder: string): Promise<AsyncDisposable>;
  /** Makes names created, renamed or removed in the folder durable. */
  syncFolder(folder: string): Promise<void>;
}

export const nodeDisk: Disk = {
  createFolder: async (folder) => {
    await mkdir(folder, { recursive: true });
  },
  list: (folder) => readdir(folder),
  create: (path) => openFile(path, 'w+'),
  openForReading: (path) => openFile(path, 'r'),
  openForAppending: async (path, bytes) => {
    const handle = await open(path, 'r+');
    await handle.truncate(bytes);
    await handle.sync();
    await handle.close();
    return openFile(path, 'r+', bytes);
  },
  rename: (from, to) => rename(from, to),
  remove: (path) => unlink(path),
  lock: lockFolder,
  syncFolder: async (folder) => {
    await using handle = await open(folder, 'r');
    await handle.sync();
  },
};

async function openFile(path: string, flags: string, end = 0): Promise<DiskFile> {
  const handle = await open(path, flags);
  let position = end;
  return {
    append: async (bytes) => {
      for (let written = 0; written < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position);
        written += bytesWritten;
        position += bytesWritten;
      }
    },
    sync: () => handle.datasync(),
    read: async (bytes, offset) => (await handle.read(bytes, 0, bytes.length, offset)).bytesRead,
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  };
}
