/**
 * The append-only file: a base that makes the data again, a file of the writes since, and a manifest that names both, laid out as Redis 7
 * does (https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/). A real Redis can load it.
 */
import type { Bytes } from '../bytes/byte-string.ts';
import { encodeRequest } from '../reply/encode.ts';
import { RequestParser } from '../protocol/request-parser.ts';
import type { Disk } from './disk.ts';
import type { PropagatedCommand } from './propagated-command.ts';

export type SyncPolicy = 'always' | 'everysec' | 'no';

/** What loading found. */
export type Loaded =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'loaded';
      readonly commands: readonly (readonly Bytes[])[];
      readonly isTruncated: boolean;
    }
  | { readonly kind: 'damaged'; readonly reason: string };

export class AppendOnlyFile {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #name: string;
  #sequence = 0;
  #baseBytes = 0;
  #writtenBytes = 0;
  /** Not yet handed to the disk. */
  #buffer: Bytes = '';
  /** The database of the last command; a SELECT goes before one in another. */
  #database: number | undefined;
  #isUnsynced = false;
  #isSyncing = false;

  constructor(disk: Disk, folder: string, name: string) {
    this.#disk = disk;
    this.#folder = folder;
    this.#name = name;
  }

  get sizeBytes(): number {
    return this.#baseBytes + this.#writtenBytes;
  }

  get baseBytes(): number {
    return this.#baseBytes;
  }

  get bufferBytes(): number {
    return this.#buffer.length;
  }

  get isUnsynced(): boolean {
    return this.#isUnsynced;
  }

  get isSyncing(): boolean {
    return this.#isSyncing;
  }

  /** Reads base and writes; `toleratesTruncation` drops what was torn off at the end. */
  load(toleratesTruncation: boolean): Loaded {
    const manifest = this.#disk.read(this.#manifestName);
    if (manifest === undefined) return { kind: 'none' };
    const commands: (readonly Bytes[])[] = [];
    let isTruncated = false;
    const files = readManifest(manifest);
    for (const [index, { name, sequence }] of files.entries()) {
      const contents = this.#disk.read(`${this.#folder}/${name}`);
      if (contents === undefined) return { kind: 'damaged', reason: `the file ${name} is missing` };
      const { complete, length } = readCommands(contents);
      if (length < contents.length) {
        if (!toleratesTruncation || index < files.length - 1) {
          return { kind: 'damaged', reason: `bad file format in ${name} at byte ${length}` };
        }
        this.#disk.truncate(`${this.#folder}/${name}`, length);
        isTruncated = true;
      }
      for (const words of complete) commands.push(words);
      this.#sequence = Math.max(this.#sequence, sequence);
      if (name.includes('.base.')) this.#baseBytes = length;
      else this.#writtenBytes = length;
    }
    return { kind: 'loaded', commands, isTruncated };
  }

  /** Begins a new base with these commands, and an empty file for the writes to come. */
  rewrite(commands: Iterable<readonly Bytes[]>): void {
    const old = this.#sequence;
    this.#sequence += 1;
    let base = '';
    for (const words of commands) base += encodeRequest(words);
    this.#disk.write(this.#baseName, base);
    this.#disk.sync(this.#baseName);
    // What waited to be written is in the base already.
    this.#buffer = '';
    this.#disk.write(this.#writesName, '');
    this.#disk.sync(this.#writesName);
    this.#writeManifest();
    if (old > 0) {
      this.#disk.remove(this.#nameOf(old, 'base'));
      this.#disk.remove(this.#nameOf(old, 'incr'));
    }
    this.#baseBytes = base.length;
    this.#writtenBytes = 0;
    this.#database = undefined;
    this.#isUnsynced = false;
  }

  /** Commands of one turn; several belong together and are wrapped as a transaction. */
  add(commands: readonly PropagatedCommand[]): void {
    const isTransaction = commands.length > 1;
    const [first] = commands;
    if (isTransaction && first !== undefined) this.#add(first.database, ['MULTI']);
    for (const { database, words } of commands) this.#add(database, words);
    const last = commands.at(-1);
    if (isTransaction && last !== undefined) this.#add(last.database, ['EXEC']);
  }

  /** Hands everything to the disk, before clients are answered. Syncs when the policy is `always`. */
  flush(policy: SyncPolicy): void {
    if (this.#buffer !== '') {
      const bytes = this.#buffer;
      this.#disk.append(this.#writesName, bytes);
      this.#buffer = '';
      this.#writtenBytes += bytes.length;
      this.#isUnsynced = true;
    }
    if (policy === 'always' && this.#isUnsynced) this.syncNow();
  }

  syncNow(): void {
    this.#disk.sync(this.#writesName);
    this.#isUnsynced = false;
  }

  /** Beside other work; what is written meanwhile is for the next time. */
  syncInBackground(done: (error: Error | undefined) => void): void {
    if (this.#isSyncing) return;
    this.#isSyncing = true;
    this.#isUnsynced = false;
    this.#disk.syncInBackground(this.#writesName, (error) => {
      this.#isSyncing = false;
      if (error !== undefined) this.#isUnsynced = true;
      done(error);
    });
  }

  #add(database: number, words: readonly Bytes[]): void {
    if (this.#database !== database) {
      this.#buffer += encodeRequest(['SELECT', String(database)]);
      this.#database = database;
    }
    this.#buffer += encodeRequest(words);
  }

  get #manifestName(): string {
    return `${this.#folder}/${this.#name}.manifest`;
  }

  get #baseName(): string {
    return this.#nameOf(this.#sequence, 'base');
  }

  get #writesName(): string {
    return this.#nameOf(this.#sequence, 'incr');
  }

  #nameOf(sequence: number, kind: 'base' | 'incr'): string {
    return `${this.#folder}/${this.#name}.${sequence}.${kind}.aof`;
  }

  #writeManifest(): void {
    const sequence = this.#sequence;
    const text =
      `file ${this.#name}.${sequence}.base.aof seq ${sequence} type b\n` +
      `file ${this.#name}.${sequence}.incr.aof seq ${sequence} type i\n`;
    const temporary = `${this.#folder}/temp-${this.#name}.manifest`;
    this.#disk.write(temporary, text);
    this.#disk.sync(temporary);
    this.#disk.rename(temporary, this.#manifestName);
  }
}

function readManifest(text: Bytes): { name: string; sequence: number }[] {
  return text
    .split('\n')
    .map((line) => /^file (\S+) seq (\d+) type [bi]$/.exec(line.trim()))
    .filter((found) => found !== null)
    .map(([, name = '', sequence = '0']) => ({ name, sequence: Number(sequence) }));
}

/** Whole commands, and the length up to the end of the last; a transaction that does not end is none. */
function readCommands(contents: Bytes): { complete: (readonly Bytes[])[]; length: number } {
  const parser = new RequestParser();
  parser.append(contents);
  const complete: (readonly Bytes[])[] = [];
  let length = 0;
  let transaction: (readonly Bytes[])[] | undefined;
  for (;;) {
    const request = parser.next({ bulkBytesMax: Infinity, isUnauthenticated: false });
    if (request.kind !== 'request') return { complete, length };
    const name = request.words[0]?.toUpperCase();
    if (name === 'MULTI') {
      transaction = [];
      continue;
    }
    if (name === 'EXEC' && transaction !== undefined) {
      for (const words of transaction) complete.push(words);
      transaction = undefined;
    } else if (transaction !== undefined) {
      transaction.push(request.words);
      continue;
    } else {
      complete.push(request.words);
    }
    length = contents.length - parser.pendingBytes;
  }
}
