/**
 * L1: values in the memory of one process, for a few seconds. Age counts from the moment the load began, not from its
 * end, so that a slow load can not stretch the bound on staleness. An older version never replaces a newer one.
 */
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import { deepFreeze } from './freeze.ts';

interface Entry {
  readonly value: unknown;
  readonly version: number;
  readonly expiresAtMs: number;
}

export class L1 {
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #entries: LRUCache<string, Entry>;

  constructor(options: { clock: Clock; ttlMs: number; maxEntries: number }) {
    this.#clock = options.clock;
    this.#ttlMs = options.ttlMs;
    this.#entries = new LRUCache({ max: options.maxEntries });
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Undefined when absent or expired. */
  get(key: string): unknown {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAtMs > this.#clock.monotonicMs()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  /** `loadedAtMs`: monotonic time at which the load or the save of the value began. The value is frozen. */
  put(key: string, value: NonNullable<unknown>, version: number, loadedAtMs: number): void {
    const current = this.#entries.peek(key);
    if (current !== undefined && current.version > version) return;
    const expiresAtMs = loadedAtMs + this.#ttlMs;
    if (expiresAtMs <= this.#clock.monotonicMs()) {
      // Too old to be kept, and what is here is older still.
      this.#entries.delete(key);
      return;
    }
    this.#entries.set(key, { value: deepFreeze(value), version, expiresAtMs });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  deletePrefix(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }
}
