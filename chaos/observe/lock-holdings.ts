/** Which token held which lock from when to when, as the harness saw it by reading the keys again and again. */
import type { Redis } from 'ioredis';
import type { LockHolding } from '../../reports/record/evidence.ts';
import type { Clock } from '../clock.ts';
import { isOwnKey } from './key-patterns.ts';
import { scanKeys } from './scan-keys.ts';

const scanBatch = 1_000;

/**
 * A holding is one value of one key. Its times are those of reads that certainly fell into it: the end of the first read that saw it
 * and the start of the last, so that it is never made out to be longer than it was.
 */
export class LockHoldings {
  readonly #patterns: readonly string[];
  readonly #holdings = new Map<string, LockHolding>();

  /** `patterns` of the keys that are locks. */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns;
  }

  get all(): readonly LockHolding[] {
    return [...this.#holdings.values()];
  }

  /** Reads all locks once; resolves to how many were held. Rejects while Redis is away. */
  async sample(redis: Redis, clock: Clock): Promise<number> {
    let held = 0;
    for (const pattern of this.#patterns) {
      for await (const keys of scanKeys(redis, { count: scanBatch, match: pattern })) {
        for (const key of keys) if (!isOwnKey(key) && (await this.#read(redis, clock, key))) held += 1;
      }
    }
    return held;
  }

  async #read(redis: Redis, clock: Clock, key: string): Promise<boolean> {
    const fromMs = clock.nowMs();
    // Not GET: the target's own commands are counted by their names.
    const answers = await redis.multi().getrange(key, 0, -1).pttl(key).exec();
    const toMs = clock.nowMs();
    const token = answers?.[0]?.[1];
    const ttlMs = answers?.[1]?.[1];
    if (typeof token !== 'string' || token === '' || typeof ttlMs !== 'number') return false;
    const id = `${key} ${token}`;
    const before = this.#holdings.get(id);
    this.#holdings.set(
      id,
      before === undefined
        ? { key, token, ttlMs, firstSeenMs: toMs, lastSeenMs: toMs }
        : { ...before, lastSeenMs: Math.max(before.lastSeenMs, fromMs) },
    );
    return true;
  }
}
