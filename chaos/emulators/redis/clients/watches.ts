/** Keys that clients watch, so that EXEC does nothing when one of them changed. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { Database } from '../keyspace/database.ts';
import type { Client } from './client.ts';

interface Watch {
  readonly client: Client;
  readonly database: number;
  readonly key: Bytes;
  /** The key was there and had expired: that it is removed is no change. */
  wasExpired: boolean;
}

export class Watches {
  readonly #byKey = new Map<number, Map<Bytes, Set<Watch>>>();
  readonly #byClient = new Map<Client, Set<Watch>>();

  add(client: Client, key: Bytes, isExpired: boolean): void {
    const own = this.#byClient.get(client) ?? new Set();
    this.#byClient.set(client, own);
    for (const watch of own) if (watch.database === client.database && watch.key === key) return;
    const watch: Watch = { client, database: client.database, key, wasExpired: isExpired };
    own.add(watch);
    const keys = this.#byKey.get(client.database) ?? new Map<Bytes, Set<Watch>>();
    this.#byKey.set(client.database, keys);
    const watches = keys.get(key) ?? new Set();
    keys.set(key, watches);
    watches.add(watch);
  }

  removeAll(client: Client): void {
    for (const watch of this.#byClient.get(client) ?? []) {
      const keys = this.#byKey.get(watch.database);
      const watches = keys?.get(watch.key);
      watches?.delete(watch);
      if (watches?.size === 0) keys?.delete(watch.key);
    }
    this.#byClient.delete(client);
  }

  count(client: Client): number {
    return this.#byClient.get(client)?.size ?? 0;
  }

  /** Whether a key has expired since it was watched. */
  hasExpired(client: Client, isExpired: (database: number, key: Bytes) => boolean): boolean {
    for (const watch of this.#byClient.get(client) ?? []) {
      if (!watch.wasExpired && isExpired(watch.database, watch.key)) return true;
    }
    return false;
  }

  touch(database: Database, key: Bytes): void {
    const watches = this.#byKey.get(database.index)?.get(key);
    for (const watch of watches ?? []) {
      if (watch.wasExpired) {
        if (database.entry(key) !== undefined) break;
        watch.wasExpired = false;
        continue;
      }
      watch.client.isDirty = true;
      this.removeAll(watch.client);
    }
  }

  /** The database is emptied, or gets the contents of another one. */
  touchAll(
    database: Database,
    replacement: Database | undefined,
    isExpired: (database: Database, key: Bytes) => boolean,
  ): void {
    for (const [key, watches] of this.#byKey.get(database.index) ?? []) {
      const isThere = database.entry(key) !== undefined;
      const replaces = replacement?.entry(key) !== undefined;
      if (!isThere && !replaces) continue;
      for (const watch of watches) {
        const becomesExpired = replacement !== undefined && replaces && isExpired(replacement, key);
        if (watch.wasExpired) {
          if (!replaces) {
            watch.wasExpired = false;
            continue;
          }
          if (becomesExpired) continue;
        } else if (!isThere && becomesExpired) {
          watch.wasExpired = true;
          continue;
        }
        watch.client.isDirty = true;
      }
    }
  }
}
