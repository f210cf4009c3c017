/** All databases, and the rules of looking keys up and changing them: expiry, statistics, and whom a change concerns. */
import type { Random } from '../../../random.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import type { Value, ValueType } from '../values/value.ts';
import { Database, type Entry } from './database.ts';
import { usedAgain } from './frequency.ts';
import type { EventClass } from './notifications.ts';

/** What the keyspace tells the rest of the server. */
export interface KeyspaceEvents {
  /** WATCH and client-side caches have to know. */
  modified(database: Database, key: Bytes): void;
  /** Clients may be blocked on the key: it has a new value of this type, or a stream is gone. */
  ready(database: Database, key: Bytes, type: ValueType): void;
  notify(eventClass: EventClass, event: string, database: Database, key: Bytes): void;
  /** The key expired or was evicted, which is written down as a deletion. */
  removed(database: Database, key: Bytes): void;
}

export interface KeyspaceConditions {
  /** Milliseconds since the epoch; the same during a command, a transaction or a script. */
  readonly nowMs: number;
  /** A replica leaves it to its master to remove what has expired. */
  readonly removesExpired: boolean;
  readonly isLoading: boolean;
  readonly countsFrequency: boolean;
  readonly lfuLogFactor: number;
  readonly lfuDecayMinutes: number;
  readonly random: Random;
}

export type LookupOption = 'plain' | 'no touch' | 'silent';

export class Keyspace {
  readonly databases: readonly Database[];
  hits = 0;
  misses = 0;
  expiredKeys = 0;
  readonly #conditions: KeyspaceConditions;
  readonly #events: KeyspaceEvents;

  constructor(count: number, conditions: KeyspaceConditions, events: KeyspaceEvents) {
    this.databases = Array.from({ length: count }, (_, index) => new Database(index));
    this.#conditions = conditions;
    this.#events = events;
  }

  at(index: number): Database {
    const database = this.databases[index];
    if (database === undefined) throw new RangeError(`there is no database ${index}`);
    return database;
  }

  resetStatistics(): void {
    this.hits = 0;
    this.misses = 0;
    this.expiredKeys = 0;
  }

  get memoryBytes(): number {
    let bytes = 0;
    for (const database of this.databases) bytes += database.memoryBytes;
    return bytes;
  }

  /** For a command that reads: counts hit or miss, and tells of a miss. */
  read(database: Database, key: Bytes, option: LookupOption = 'plain'): Value | undefined {
    const entry = this.#alive(database, key);
    if (entry === undefined) {
      if (option === 'silent') return undefined;
      this.#events.notify('miss', 'keymiss', database, key);
      this.misses += 1;
      return undefined;
    }
    if (option !== 'no touch') this.#touch(entry);
    if (option !== 'silent') this.hits += 1;
    return entry.value;
  }

  /** For a command that writes. */
  write(database: Database, key: Bytes): Value | undefined {
    const entry = this.#alive(database, key);
    if (entry === undefined) return undefined;
    this.#touch(entry);
    return entry.value;
  }

  /** Neither touches nor counts; what has expired is gone all the same. */
  peek(database: Database, key: Bytes): Entry | undefined {
    return this.#alive(database, key);
  }

  isExpired(database: Database, key: Bytes): boolean {
    const entry = database.entry(key);
    return entry !== undefined && this.#hasExpired(entry);
  }

  /** A key that is not there yet. */
  add(database: Database, key: Bytes, value: Value): void {
    database.add(key, value, this.#conditions.nowMs);
    this.#events.ready(database, key, value.type);
    this.#events.notify('new', 'new', database, key);
  }

  /** Keeps the expiry. */
  overwrite(database: Database, key: Bytes, value: Value): void {
    const entry = database.entry(key);
    if (entry === undefined) {
      this.add(database, key, value);
      return;
    }
    if (entry.value.type === 'stream') this.#events.ready(database, key, 'stream');
    entry.value = value;
    database.count(key, entry);
  }

  /** Sets the key as a whole, and tells of it. */
  put(database: Database, key: Bytes, value: Value, keepsExpiry = false): void {
    const entry = this.#alive(database, key);
    if (entry === undefined) {
      this.add(database, key, value);
    } else {
      this.#touch(entry);
      this.overwrite(database, key, value);
      if (!keepsExpiry) database.setExpiry(key, entry, undefined);
    }
    this.modified(database, key);
  }

  delete(database: Database, key: Bytes): boolean {
    const entry = database.delete(key);
    if (entry === undefined) return false;
    if (entry.value.type === 'stream') this.#events.ready(database, key, 'stream');
    return true;
  }

  /** The key's value changed. */
  modified(database: Database, key: Bytes): void {
    const entry = database.entry(key);
    if (entry !== undefined) database.count(key, entry);
    this.#events.modified(database, key);
  }

  expireAt(database: Database, key: Bytes): number | undefined {
    return database.entry(key)?.expireAtMs;
  }

  setExpiry(database: Database, key: Bytes, atMs: number | undefined): void {
    const entry = database.entry(key);
    if (entry !== undefined) database.setExpiry(key, entry, atMs);
  }

  /** Removes what has expired by now; what was not looked at since is noticed here. */
  removeExpired(): void {
    if (!this.#conditions.removesExpired) return;
    for (const database of this.databases) {
      for (;;) {
        const due = database.firstDue();
        if (due === undefined || due.atMs >= this.#conditions.nowMs) break;
        this.#expire(database, due.key);
      }
    }
  }

  /** When the next key expires; undefined when none will. */
  nextExpiryMs(): number | undefined {
    let next: number | undefined;
    for (const database of this.databases) {
      const due = database.firstDue()?.atMs;
      if (due !== undefined && (next === undefined || due < next)) next = due;
    }
    return next;
  }

  #alive(database: Database, key: Bytes): Entry | undefined {
    const entry = database.entry(key);
    if (entry === undefined || !this.#hasExpired(entry)) return entry;
    if (this.#conditions.removesExpired) this.#expire(database, key);
    return undefined;
  }

  #hasExpired({ expireAtMs }: Entry): boolean {
    return expireAtMs !== undefined && !this.#conditions.isLoading && this.#conditions.nowMs > expireAtMs;
  }

  #expire(database: Database, key: Bytes): void {
    this.delete(database, key);
    this.#events.notify('expired', 'expired', database, key);
    this.#events.modified(database, key);
    this.#events.removed(database, key);
    this.expiredKeys += 1;
  }

  #touch(entry: Entry): void {
    const { countsFrequency, nowMs } = this.#conditions;
    if (countsFrequency) usedAgain(entry, this.#conditions);
    entry.usedAtMs = nowMs;
  }
}
