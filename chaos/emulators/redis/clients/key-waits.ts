/** Clients that wait for a key to get something: BLPOP, BZPOPMIN, XREAD BLOCK and the like. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { Database } from '../keyspace/database.ts';
import type { Reply } from '../reply/reply.ts';
import type { Value, ValueType } from '../values/value.ts';
import type { Client } from './client.ts';

export type WaitType = Extract<ValueType, 'list' | 'zset' | 'stream'>;

export interface KeyWait {
  readonly client: Client;
  readonly database: number;
  readonly keys: readonly Bytes[];
  readonly type: WaitType;
  /** Takes what the key has now; undefined when that is nothing for this client. */
  serve(key: Bytes, value: Value): Reply | undefined;
  /** Answered when the key is no stream any more; undefined for who goes on waiting. */
  readonly streamGone: Reply | undefined;
}

export interface ServingHost {
  /** The key's value as of now. */
  valueOf(database: Database, key: Bytes): Value | undefined;
  /** The client got its reply: it is to be sent, and what was changed written down. */
  served(client: Client, serve: () => Reply | undefined): boolean;
}

interface ReadyKey {
  readonly database: Database;
  readonly key: Bytes;
}

export class KeyWaits {
  /** By database and key, in the order in which they came. */
  readonly #waits = new Map<number, Map<Bytes, Set<KeyWait>>>();
  readonly #countByType: Record<WaitType, number> = { list: 0, zset: 0, stream: 0 };
  #ready: ReadyKey[] = [];

  add(wait: KeyWait): void {
    this.#countByType[wait.type] += 1;
    const keys = this.#waits.get(wait.database) ?? new Map<Bytes, Set<KeyWait>>();
    this.#waits.set(wait.database, keys);
    for (const key of wait.keys) {
      const waits = keys.get(key) ?? new Set();
      keys.set(key, waits);
      waits.add(wait);
    }
  }

  remove(wait: KeyWait): void {
    this.#countByType[wait.type] -= 1;
    const keys = this.#waits.get(wait.database);
    for (const key of wait.keys) {
      const waits = keys?.get(key);
      waits?.delete(wait);
      if (waits?.size === 0) keys?.delete(key);
    }
  }

  /** The key may have something for those who wait; they are served after the command. */
  signal(database: Database, key: Bytes, type: ValueType): void {
    if (type !== 'list' && type !== 'zset' && type !== 'stream') return;
    if (this.#countByType[type] === 0) return;
    if (this.#waits.get(database.index)?.has(key) !== true) return;
    if (this.#ready.some((ready) => ready.database === database && ready.key === key)) return;
    this.#ready.push({ database, key });
  }

  /** Keys of a database that clients wait for. */
  waitedFor(database: Database): Bytes[] {
    return [...(this.#waits.get(database.index)?.keys() ?? [])];
  }

  get hasReady(): boolean {
    return this.#ready.length > 0;
  }

  /** Serving may make further keys ready, which are served too. */
  serveReady(host: ServingHost): void {
    while (this.#ready.length > 0) {
      const ready = this.#ready;
      this.#ready = [];
      for (const { database, key } of ready) this.#serveKey(host, database, key);
    }
  }

  #serveKey(host: ServingHost, database: Database, key: Bytes): void {
    const value = host.valueOf(database, key);
    const waits = [...(this.#waits.get(database.index)?.get(key) ?? [])];
    for (const wait of waits) {
      if (value === undefined || value.type !== wait.type) continue;
      if (!host.served(wait.client, () => wait.serve(key, value))) continue;
      // What was taken last may have been all there was.
      if (value.type !== 'stream' && database.entry(key)?.value !== value) break;
    }
    if (value?.type === 'stream') return;
    for (const wait of waits) {
      const { streamGone } = wait;
      if (wait.client.blocking !== undefined && streamGone !== undefined) {
        host.served(wait.client, () => streamGone);
      }
    }
  }
}
