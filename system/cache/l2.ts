/** L2: Redis, shared by the processes. Every call goes through the circuit breaker and fails with RedisUnavailableError when Redis does. */
import type { Redis } from 'ioredis';
import type { Random } from '../random.ts';
import type { CircuitBreaker } from '../redis/circuit-breaker.ts';
import { fill, takeLease } from './fill.ts';
import { forgetKeys } from './forget.ts';
import type { CacheName } from './keys.ts';

interface L2Options {
  readonly client: Redis;
  readonly breaker: CircuitBreaker;
  readonly random: Random;
  readonly leaseMs: number;
  /** Whether what Redis holds is known to be no older than what was acknowledged. */
  readonly trusted: () => boolean;
}

export class L2 {
  readonly #client: Redis;
  readonly #breaker: CircuitBreaker;
  readonly #random: Random;
  readonly #leaseMs: number;
  readonly #trusted: () => boolean;

  constructor(options: L2Options) {
    this.#client = options.client;
    this.#breaker = options.breaker;
    this.#random = options.random;
    this.#leaseMs = options.leaseMs;
    this.#trusted = options.trusted;
  }

  /** Whether values may be read from Redis. */
  get usable(): boolean {
    return this.#breaker.state === 'closed' && this.#trusted();
  }

  read(key: string): Promise<string | null> {
    return this.#breaker.run(() => this.#client.get(key));
  }

  /** A token that allows one fill of `key`, or undefined when another has the right. */
  async lease(key: string): Promise<string | undefined> {
    const token = this.#random.uuid();
    const had = await this.#breaker.run(() => takeLease(this.#client, key, token, this.#leaseMs));
    return had ? token : undefined;
  }

  fill(key: string, text: string, version: number, ttlSeconds: number, token: string): Promise<boolean> {
    const ttlMs = this.jitteredMs(ttlSeconds);
    return this.#breaker.run(() => fill(this.#client, { key, text, version, ttlMs, token }));
  }

  /** Up to 10 % less, so that what was stored together does not expire together. */
  jitteredMs(ttlSeconds: number): number {
    return Math.max(1, Math.round(ttlSeconds * 1000 * (1 - this.#random.next() / 10)));
  }

  /** Deletes the entries and the leases on them; prefixes are looked up by SCAN. */
  forget(names: readonly CacheName[]): Promise<void> {
    return this.#breaker.run(() => forgetKeys(this.#client, names));
  }
}
