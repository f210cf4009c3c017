/**
 * The cache layer: L1, then L2, then the database, warming the layers above. Even when Redis fails, the answer is
 * correct; a failed load is an error and never "no such entity".
 */
import type { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';
import { SystemError } from '../errors.ts';
import type { CacheMetrics } from '../observability/metrics.ts';
import type { Codec } from './codec.ts';
import { forgetKeys } from './forget.ts';
import { type CacheName, isPrefix } from './keys.ts';
import type { L1 } from './l1.ts';
import type { L2 } from './l2.ts';
import { namesOwed, type OwedDeletions } from './owed-deletions.ts';
import type { Flight, SingleFlight } from './single-flight.ts';

interface CacheOptions {
  readonly clock: Clock;
  readonly l1: L1;
  readonly l2: L2;
  readonly flights: SingleFlight;
  readonly owed: OwedDeletions;
  readonly metrics: CacheMetrics;
  readonly ttlSeconds: number;
}

export class Cache {
  readonly #clock: Clock;
  readonly #l1: L1;
  readonly #l2: L2;
  readonly #flights: SingleFlight;
  readonly #owed: OwedDeletions;
  readonly #metrics: CacheMetrics;
  readonly #ttlSeconds: number;

  constructor(options: CacheOptions) {
    this.#clock = options.clock;
    this.#l1 = options.l1;
    this.#l2 = options.l2;
    this.#flights = options.flights;
    this.#owed = options.owed;
    this.#metrics = options.metrics;
    this.#ttlSeconds = options.ttlSeconds;
  }

  /**
   * The value of `key`, null when `loader` finds none. Values are shared and frozen. A key is always used with the same
   * codec. Throws `database_unavailable` when the loader fails.
   */
  async getOrLoad<T extends NonNullable<unknown>>(
    key: string,
    codec: Codec<T>,
    loader: () => Promise<T | null>,
    ttlSeconds: number = this.#ttlSeconds,
  ): Promise<T | null> {
    const held = this.#l1.get(key);
    if (held !== undefined) {
      this.#metrics.hit('l1');
      return held as T;
    }
    return await this.#flights.run(key, (flight) => this.#load(key, codec, loader, ttlSeconds, flight));
  }

  /**
   * Puts a value that is known to be durable into this process's memory. `savedAtMs`: monotonic time before its commit. Others may have
   * changed it since, so its age counts from there and not from the answer.
   */
  keep<T extends NonNullable<unknown>>(key: string, codec: Codec<T>, value: T, savedAtMs: number): void {
    this.#flights.detach(key);
    this.#l1.put(key, value, codec.versionOf(value), savedAtMs);
  }

  /** Drops keys from this process's memory only. */
  dropLocally(names: readonly CacheName[]): void {
    for (const name of names) {
      if (isPrefix(name)) {
        this.#flights.detachPrefix(name.prefix);
        this.#l1.deletePrefix(name.prefix);
      } else {
        this.#flights.detach(name);
        this.#l1.delete(name);
      }
    }
  }

  /** Drops keys here and in Redis. False when Redis could not be told: it stays owed, and is not trusted for these keys. */
  async forget(names: readonly CacheName[]): Promise<boolean> {
    if (names.length === 0) return true;
    const debt = this.#owed.add(names);
    this.dropLocally(names);
    try {
      await this.#l2.forget(names);
    } catch {
      this.#metrics.owed(this.#owed.size);
      return false;
    }
    this.#owed.settle(debt);
    this.#metrics.owed(this.#owed.size);
    return true;
  }

  /** Deletes what is owed, by a connection of the caller's choice. Throws when Redis does not let it. */
  async settleOwed(client: Redis): Promise<void> {
    if (this.#owed.size === 0) return;
    const debt = this.#owed.all();
    await forgetKeys(client, namesOwed(debt));
    this.#owed.settle(debt);
    this.#metrics.owed(this.#owed.size);
  }

  async #load<T extends NonNullable<unknown>>(
    key: string,
    codec: Codec<T>,
    loader: () => Promise<T | null>,
    ttlSeconds: number,
    flight: Flight,
  ): Promise<T | null> {
    const startedMs = this.#clock.monotonicMs();
    const cached = await this.#readL2(key, codec);
    if (cached.kind === 'hit') {
      this.#metrics.hit('l2');
      if (flight.current) this.#l1.put(key, cached.value, codec.versionOf(cached.value), startedMs);
      return cached.value;
    }
    this.#metrics.load();
    const value = await this.#callLoader(key, loader);
    if (value === null) return null;
    if (cached.lease !== undefined) await this.#fillL2(key, codec, value, ttlSeconds, cached.lease);
    if (flight.current) this.#l1.put(key, value, codec.versionOf(value), startedMs);
    return value;
  }

  async #readL2<T>(
    key: string,
    codec: Codec<T>,
  ): Promise<{ kind: 'hit'; value: T } | { kind: 'miss'; lease: string | undefined }> {
    if (!this.#l2.usable || this.#owed.has(key)) return { kind: 'miss', lease: undefined };
    try {
      const text = await this.#l2.read(key);
      const value = text === null ? undefined : codec.decode(text);
      // A journal row may have come in while Redis answered.
      if (this.#owed.has(key)) return { kind: 'miss', lease: undefined };
      if (value !== undefined) return { kind: 'hit', value };
      if (text !== null) {
        if (codec.isNewer(text)) return { kind: 'miss', lease: undefined };
        this.#metrics.damaged();
        await this.#l2.forget([key]);
      }
      return { kind: 'miss', lease: await this.#l2.lease(key) };
    } catch {
      this.#metrics.l2Failed();
      return { kind: 'miss', lease: undefined };
    }
  }

  async #fillL2<T>(key: string, codec: Codec<T>, value: T, ttlSeconds: number, lease: string): Promise<void> {
    try {
      if (!codec.isStorable(value)) {
        // The lease would keep the newer release from filling.
        await this.#l2.forget([key]);
        return;
      }
      const stored = await this.#l2.fill(key, codec.encode(value), codec.versionOf(value), ttlSeconds, lease);
      if (!stored) this.#metrics.fillRefused();
    } catch {
      // The database has answered; that Redis could not be warmed costs the next reader a load, nothing more.
      this.#metrics.l2Failed();
    }
  }

  async #callLoader<T>(key: string, loader: () => Promise<T | null>): Promise<T | null> {
    try {
      return await loader();
    } catch (cause) {
      if (cause instanceof SystemError) throw cause;
      throw new SystemError('database_unavailable', `${key} could not be loaded`, { cause });
    }
  }
}
