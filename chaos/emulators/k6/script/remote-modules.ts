/**
 * Remote modules, fetched once: their text is kept in a folder by its hash, and a lock file beside the script says which text
 * belongs to which URL. What is in the lock file is never fetched in another form, and needs no network once it is kept.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { unresolvable } from './specifier.ts';
import type { RemoteModules } from './source-store.ts';

export interface RemoteSettings {
  readonly lockFile: string;
  readonly folder: string;
  /** Gives the body of a 200 answer, throws otherwise. */
  download(url: string): Promise<Uint8Array>;
}

type Lock = Record<string, string>;

export class LockedModules implements RemoteModules {
  readonly #settings: RemoteSettings;
  #lock: Lock | undefined;

  constructor(settings: RemoteSettings) {
    this.#settings = settings;
  }

  async fetch(url: string): Promise<string> {
    const kept = this.kept(url);
    if (kept !== undefined) return kept;
    const { download } = this.#settings;
    let bytes: Uint8Array;
    try {
      bytes = await download(url);
    } catch (error) {
      throw unresolvable(
        `the remote module ${url} could not be fetched (${messageOf(error)}) and is not kept from an earlier run: ` +
          'run once with network, or download it and import the file',
      );
    }
    const hash = hashOf(bytes);
    const wanted = this.#locked()[url];
    if (wanted !== undefined && wanted !== hash) {
      throw unresolvable(
        `the remote module ${url} has changed: ${this.#settings.lockFile} has ${wanted}, fetched was ${hash}. ` +
          'Take its line out of the lock file if the change is wanted',
      );
    }
    this.#keep(url, hash, bytes);
    return new TextDecoder().decode(bytes);
  }

  kept(url: string): string | undefined {
    const hash = this.#locked()[url];
    if (hash === undefined) return undefined;
    const path = this.#pathOf(hash);
    if (!existsSync(path)) return undefined;
    const bytes = readFileSync(path);
    // A file that was cut short or changed is fetched again.
    return hashOf(bytes) === hash ? bytes.toString('utf8') : undefined;
  }

  #pathOf(hash: string): string {
    return join(this.#settings.folder, `${hash.replace(/^sha256-/, '')}.js`);
  }

  #locked(): Lock {
    this.#lock ??= readLock(this.#settings.lockFile);
    return this.#lock;
  }

  #keep(url: string, hash: string, bytes: Uint8Array): void {
    const { folder, lockFile } = this.#settings;
    mkdirSync(folder, { recursive: true });
    replaceFile(this.#pathOf(hash), bytes);
    const lock = this.#locked();
    if (lock[url] === hash) return;
    lock[url] = hash;
    const sorted = Object.fromEntries(
      Object.entries(lock).toSorted(([left], [right]) => (left < right ? -1 : 1)),
    );
    replaceFile(lockFile, `${JSON.stringify({ version: 1, modules: sorted }, undefined, 2)}\n`);
  }
}

function readLock(path: string): Lock {
  if (!existsSync(path)) return {};
  const broken = unresolvable(
    `${path} is no lock file of remote modules: restore it, or remove it to begin anew`,
  );
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw broken;
  }
  if (typeof parsed !== 'object' || parsed === null || !('modules' in parsed)) throw broken;
  const { modules } = parsed;
  if (typeof modules !== 'object' || modules === null) throw broken;
  const entries = Object.entries(modules);
  if (!entries.every((entry): entry is [string, string] => /^sha256-[0-9a-f]{64}$/.test(String(entry[1]))))
    throw broken;
  return Object.fromEntries(entries);
}

function hashOf(bytes: Uint8Array): string {
  return `sha256-${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Another run may read at the same time. */
function replaceFile(path: string, content: Uint8Array | string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}
