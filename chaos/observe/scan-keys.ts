/** The keys of a Redis by SCAN, which blocks the server for one batch at a time only. */
import type { Redis } from 'ioredis';

export interface ScanOptions {
  /** About how many keys the server looks at for each batch. */
  readonly count: number;
  /** A pattern as Redis reads it; all keys without one. */
  readonly match?: string;
}

/** In batches, some of them empty; a key may come more than once. */
export async function* scanKeys(redis: Redis, { count, match = '*' }: ScanOptions): AsyncGenerator<string[]> {
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', match, 'COUNT', count);
    cursor = next;
    yield keys;
  } while (cursor !== '0');
}
