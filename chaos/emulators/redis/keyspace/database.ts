/** One numbered database: its keys, and when they expire. What follows from a change is the keyspace's business. */
import type { Random } from '../../../random.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import { MemberMap } from '../values/member-map.ts';
import type { Value } from '../values/value.ts';
import { DueTimes, type DueKey } from './due-times.ts';

export interface Entry {
  value: Value;
  /** Milliseconds since the epoch; undefined for a key that stays. */
  expireAtMs: number | undefined;
  /** When the key was used last. */
  usedAtMs: number;
  /** How often it was used, on a logarithmic scale, under an LFU policy. */
  frequency: number;
  /** Bytes that the key was last counted with. */
  countedBytes: number;
}

/** Bytes of a key beside its name and value: object, dictionary entry, string header. */
const keyOverheadBytes = 64;
const expiryOverheadBytes = 32;

export class Database {
  readonly index: number;
  #entries = new MemberMap<Entry>();
  #due = new DueTimes();
  #volatileCount = 0;
  #memoryBytes = 0;

  constructor(index: number) {
    this.index = index;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Keys that expire. */
  get volatileCount(): number {
    return this.#volatileCount;
  }

  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  entry(key: Bytes): Entry | undefined {
    return this.#entries.get(key);
  }

  keys(): MapIterator<Bytes> {
    return this.#entries.keys();
  }

  entries(): MapIterator<[Bytes, Entry]> {
    return this.#entries.entries();
  }

  scan(cursor: number, count: number): { cursor: number; keys: Bytes[] } {
    return this.#entries.scan(cursor, count);
  }

  /** Of a database that is not empty. */
  randomKey(random: Random): Bytes {
    return this.#entries.random(random);
  }

  add(key: Bytes, value: Value, nowMs: number): Entry {
    const entry: Entry = {
      value,
      expireAtMs: undefined,
      usedAtMs: nowMs,
      frequency: 5,
      countedBytes: 0,
    };
    this.#entries.set(key, entry);
    this.count(key, entry);
    return entry;
  }

  delete(key: Bytes): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expireAtMs !== undefined) this.#volatileCount -= 1;
    this.#memoryBytes -= entry.countedBytes;
    this.#entries.delete(key);
    return entry;
  }

  setExpiry(key: Bytes, entry: Entry, atMs: number | undefined): void {
    if (entry.expireAtMs !== undefined) this.#volatileCount -= 1;
    entry.expireAtMs = atMs;
    if (atMs === undefined) return;
    this.#volatileCount += 1;
    this.#due.add(key, atMs);
  }

  /** The key that expires first. */
  firstDue(): DueKey | undefined {
    return this.#due.first(({ key, atMs }) => this.#entries.get(key)?.expireAtMs === atMs);
  }

  /** Counts the key's memory again, after its value changed. */
  count(key: Bytes, entry: Entry): void {
    const bytes =
      keyOverheadBytes +
      key.length +
      entry.value.memoryBytes +
      (entry.expireAtMs === undefined ? 0 : expiryOverheadBytes);
    this.#memoryBytes += bytes - entry.countedBytes;
    entry.countedBytes = bytes;
  }

  clear(): void {
    this.#entries = new MemberMap();
    this.#due = new DueTimes();
    this.#volatileCount = 0;
    this.#memoryBytes = 0;
  }

  swapContents(other: Database): void {
    [this.#entries, other.#entries] = [other.#entries, this.#entries];
    [this.#due, other.#due] = [other.#due, this.#due];
    [this.#volatileCount, other.#volatileCount] = [other.#volatileCount, this.#volatileCount];
    [this.#memoryBytes, other.#memoryBytes] = [other.#memoryBytes, this.#memoryBytes];
  }
}
