/** Files that scripts open. All VUs get what the first one did, and after it no other file. */
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FileOutcome } from '../api/host.ts';
import { messageOf } from '../errors.ts';

export interface FileReader {
  /** Throws when there is no such file. */
  read(path: string): Uint8Array;
}

export class FileError extends Error {
  readonly reason: 'folder' | 'missing';

  constructor(reason: 'folder' | 'missing', path: string) {
    super(
      reason === 'folder'
        ? `open() can't be used with directories, path: ${JSON.stringify(path)}`
        : `stat ${path}: no such file or directory`,
    );
    this.reason = reason;
  }
}

/** The file system, which has no answer for folders. */
export const diskFiles: FileReader = {
  read: (path) => {
    const facts = statSync(path, { throwIfNoEntry: false });
    if (facts === undefined) throw new FileError('missing', path);
    if (facts.isDirectory()) throw new FileError('folder', path);
    return readFileSync(path);
  },
};

export class OpenFiles {
  readonly #reader: FileReader;
  readonly #kept = new Map<string, Uint8Array>();
  #closed = false;

  constructor(reader: FileReader) {
    this.#reader = reader;
  }

  /** Of every path the bytes, in the order in which they were opened. */
  get opened(): ReadonlyMap<string, Uint8Array> {
    return this.#kept;
  }

  /** From here on only what was opened before. */
  close(): void {
    this.#closed = true;
  }

  /** `base` is the URL of the module that asks. */
  open(path: string, base: string): FileOutcome {
    const resolved = absolute(path, base);
    if (resolved === undefined) {
      return refused(`open() of a relative path needs a local module, this one is ${base}`);
    }
    const kept = this.#kept.get(resolved);
    if (kept !== undefined) return { ok: true, path: resolved, value: kept };
    if (this.#closed) {
      return refused(
        `open() can't be used with files that weren't previously opened during initialization (__VU==0), path: ${JSON.stringify(resolved)}`,
      );
    }
    try {
      const bytes = this.#reader.read(resolved);
      this.#kept.set(resolved, bytes);
      return { ok: true, path: resolved, value: bytes };
    } catch (error) {
      return refused(messageOf(error), error instanceof FileError ? error.reason : 'other');
    }
  }
}

function refused(message: string, reason: 'folder' | 'missing' | 'other' = 'other'): FileOutcome {
  return { message, ok: false, reason };
}

function absolute(path: string, base: string): string | undefined {
  if (path.startsWith('file://')) return fileURLToPath(path);
  if (path.startsWith('/')) return path;
  if (!base.startsWith('file:')) return undefined;
  return fileURLToPath(new URL(encodeURI(path).replaceAll('#', '%23').replaceAll('?', '%3F'), base));
}
