/** What an operator can do about locks: see them, find those that are held long, and release one by force, with a trace. */
import type { Redis } from 'ioredis';
import type { Logger } from '../../observability/logger.ts';

export interface LockState {
  readonly key: string;
  /** −1 for a lock that never expires, which is one that something else has made. */
  readonly secondsLeft: number;
}

const scanCount = 500;

/** By SCAN, so that Redis is not held up; sorted by name. */
export async function listLocks(client: Redis): Promise<readonly LockState[]> {
  const locks: LockState[] = [];
  let cursor = '0';
  do {
    const [next, keys] = await client.scan(cursor, 'MATCH', '*:lock:*', 'COUNT', scanCount);
    for (const key of keys) {
      const secondsLeft = await client.ttl(key);
      // −2: it expired since the scan.
      if (secondsLeft !== -2 && !locks.some((lock) => lock.key === key)) locks.push({ key, secondsLeft });
    }
    cursor = next;
  } while (cursor !== '0');
  return locks.toSorted((left, right) => (left.key < right.key ? -1 : 1));
}

/** Locks with more time left than `seconds`, or with no end at all. */
export function longLocks(locks: readonly LockState[], seconds: number): readonly LockState[] {
  return locks.filter(({ secondsLeft }) => secondsLeft > seconds || secondsLeft === -1);
}

interface LockPolicyTtl {
  readonly pattern: RegExp;
  readonly ttlSeconds: number;
}

/** Time a lock has been held, as far as its kind's TTL tells; undefined for an unknown kind. */
export function secondsHeld(lock: LockState, kinds: readonly LockPolicyTtl[]): number | undefined {
  const kind = kinds.find(({ pattern }) => pattern.test(lock.key));
  if (kind === undefined || lock.secondsLeft < 0) return undefined;
  return Math.max(0, kind.ttlSeconds - lock.secondsLeft);
}

/**
 * Frees a lock that may be held. The holder is not stopped by this: only the fencing of his writes keeps him from harm. True
 * when there was one.
 */
export async function releaseByForce(
  client: Redis,
  logger: Logger,
  key: string,
  by: string,
): Promise<boolean> {
  const token = await client.get(key);
  const existed = (await client.del(key)) === 1;
  logger.warn({ audit: 'lock released by force', key, by, token, existed }, 'lock released by force');
  return existed;
}
