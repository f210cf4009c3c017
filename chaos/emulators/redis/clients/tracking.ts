/** Client-side caches: which client read which key, and the invalidations it is sent when the key changes. */
import { compareBytes, type Bytes } from '../bytes/byte-string.ts';
import { push, type Reply } from '../reply/reply.ts';
import type { Client, Tracking } from './client.ts';
import type { Clients } from './registry.ts';

const invalidationChannel = '__redis__:invalidate';

export class TrackingTable {
  readonly #clients: Clients;
  /** Clients that read a key since it changed last. */
  readonly #readers = new Map<Bytes, Set<number>>();
  /** Keys that changed, by the prefix under which clients listen, and who changed them. */
  readonly #changed = new Map<Bytes, Map<Bytes, Client | undefined>>();
  readonly #listeners = new Map<Bytes, Set<Client>>();
  /** Keys for the client whose command is running, which is told after its reply; undefined for all keys. */
  #pending: (Bytes | undefined)[] = [];

  constructor(clients: Clients) {
    this.#clients = clients;
  }

  get keyCount(): number {
    return this.#readers.size;
  }

  get itemCount(): number {
    let count = 0;
    for (const readers of this.#readers.values()) count += readers.size;
    return count;
  }

  get prefixCount(): number {
    return this.#listeners.size;
  }

  get clientCount(): number {
    return this.#clients.all().filter(({ tracking }) => tracking !== undefined).length;
  }

  enable(client: Client, tracking: Tracking): void {
    const known = client.tracking?.isBroadcast === true ? client.tracking.prefixes : [];
    const prefixes = tracking.isBroadcast ? [...known, ...tracking.prefixes] : known;
    client.tracking = { ...tracking, prefixes };
    for (const prefix of prefixes) {
      const listeners = this.#listeners.get(prefix) ?? new Set();
      this.#listeners.set(prefix, listeners);
      listeners.add(client);
    }
  }

  disable(client: Client): void {
    for (const [prefix, listeners] of this.#listeners) {
      listeners.delete(client);
      if (listeners.size > 0) continue;
      this.#listeners.delete(prefix);
      this.#changed.delete(prefix);
    }
    client.tracking = undefined;
  }

  remember(client: Client, keys: readonly Bytes[]): void {
    const { tracking } = client;
    if (tracking === undefined || tracking.isBroadcast) return;
    if (tracking.mode === 'opt in' && tracking.caching !== 'yes') return;
    if (tracking.mode === 'opt out' && tracking.caching === 'no') return;
    for (const key of keys) {
      const readers = this.#readers.get(key) ?? new Set();
      this.#readers.set(key, readers);
      readers.add(client.id);
    }
  }

  /** The key changed, by the command of `current` where one is running. */
  invalidate(key: Bytes, current: Client | undefined, isEviction = false): void {
    if (!isEviction) {
      for (const prefix of this.#listeners.keys()) {
        if (!key.startsWith(prefix)) continue;
        const changed = this.#changed.get(prefix) ?? new Map();
        this.#changed.set(prefix, changed);
        changed.set(key, current);
      }
    }
    const readers = this.#readers.get(key);
    if (readers === undefined) return;
    this.#readers.delete(key);
    for (const id of [...readers].sort((left, right) => left - right)) {
      const client = this.#clients.get(id);
      const { tracking } = client ?? {};
      if (client === undefined || tracking === undefined || tracking.isBroadcast) continue;
      if (client !== current) this.#send(client, [key]);
      else if (!tracking.skipsOwn) this.#pending.push(key);
    }
  }

  invalidateAll(current: Client | undefined): void {
    for (const client of this.#clients.all()) {
      if (client.tracking === undefined) continue;
      if (client === current) this.#pending.push(undefined);
      else this.#send(client, null);
    }
    this.#readers.clear();
  }

  /** What the command of `current` invalidated for itself. */
  sendPending(current: Client | undefined): void {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    for (const key of pending)
      if (current !== undefined) this.#send(current, key === undefined ? null : [key]);
  }

  /** Once in a turn of the event loop, to those who listen to prefixes. */
  broadcast(): void {
    for (const [prefix, changed] of this.#changed) {
      const keys = [...changed.keys()].sort(compareBytes);
      for (const client of this.#listeners.get(prefix) ?? []) {
        const own =
          client.tracking?.skipsOwn === true ? keys.filter((key) => changed.get(key) !== client) : keys;
        if (own.length > 0) this.#send(client, own);
      }
    }
    this.#changed.clear();
  }

  /** Forgets keys until no more than so many are left; readers are told as if they had changed. */
  limitKeys(keysMax: number): void {
    if (keysMax === 0) return;
    for (const key of this.#readers.keys()) {
      if (this.#readers.size <= keysMax) return;
      this.invalidate(key, undefined, true);
    }
  }

  #send(client: Client, keys: readonly Bytes[] | null): void {
    const { tracking } = client;
    if (tracking === undefined) return;
    if (tracking.redirect === undefined) {
      if (client.protocol === 3) client.send(push(['invalidate', keys]));
      return;
    }
    const target = this.#clients.get(tracking.redirect);
    if (target === undefined) {
      tracking.isRedirectBroken = true;
      if (client.protocol === 3) client.send(push(['tracking-redir-broken', tracking.redirect]));
    } else if (target.protocol === 3) {
      target.send(push(['invalidate', keys]));
    } else if (target.isSubscriber) {
      const message: Reply = keys;
      target.send(push(['message', invalidationChannel, message]));
    }
  }
}
