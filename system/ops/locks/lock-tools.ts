/** What an operator can do about locks: see them, find those that are held long, and release one by force, with a trace. */
import type { Redis } from 'ioredis';
import type { Config } from '../../config/load.ts';
import { lockPolicies } from '../../lock/policy.ts';
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

interface LockKind {
  readonly pattern: RegExp;
  readonly ttlSeconds: number;
}

/** Each key is of the first kind whose pattern it matches. */
export function lockKinds(config: Config): readonly LockKind[] {
  const policies = lockPolicies(config);
  return [
    { pattern: /^auction:lock:/, ttlSeconds: policies.auctionSettlement.ttl },
    { pattern: /^battle:lock:/, ttlSeconds: policies.battleFinalisation.ttl },
    { pattern: /^city:lock:/, ttlSeconds: policies.cityOccupation.ttl },
    { pattern: /^nation:lock:/, ttlSeconds: policies.nationDestruction.ttl },
    { pattern: /^session:lock:.*:turn$/, ttlSeconds: policies.turnProcessing.ttl },
    { pattern: /^session:lock:/, ttlSeconds: policies.sessionState.ttl },
    { pattern: /^tournament:lock:/, ttlSeconds: policies.tournamentRound.ttl },
  ];
}

function kindOf({ key }: LockState, kinds: readonly LockKind[]): LockKind | undefined {
  return kinds.find(({ pattern }) => pattern.test(key));
}

/** Time a lock has been held, as far as its kind's TTL tells; undefined for an unknown kind. */
export function secondsHeld(lock: LockState, kinds: readonly LockKind[]): number | undefined {
  const kind = kindOf(lock, kinds);
  if (kind === undefined || lock.secondsLeft < 0) return undefined;
  return Math.max(0, kind.ttlSeconds - lock.secondsLeft);
}

/** How long before its end a lock is long whose TTL is not above the general limit. */
const beforeTheEndSeconds = 5;

/** What is wrong with a lock, as a sentence; undefined for one that is held as locks are. `longSeconds`: age of a long one. */
export function describeLongLock(
  lock: LockState,
  kinds: readonly LockKind[],
  longSeconds: number,
): string | undefined {
  const { key, secondsLeft } = lock;
  if (secondsLeft === -1) return `lock ${key} never expires`;
  const kind = kindOf(lock, kinds);
  if (kind === undefined) return `lock ${key} is of no known kind, ${secondsLeft} s are left`;
  const { ttlSeconds } = kind;
  if (secondsLeft > ttlSeconds) {
    return `lock ${key} has ${secondsLeft} s left, which is more than its TTL of ${ttlSeconds} s`;
  }
  const limitSeconds = Math.min(longSeconds, Math.max(ttlSeconds - beforeTheEndSeconds, ttlSeconds * 0.9));
  const heldSeconds = ttlSeconds - secondsLeft;
  if (heldSeconds < limitSeconds) return undefined;
  return `lock ${key} has been held for ${heldSeconds} s, ${secondsLeft} s are left`;
}

/**
 * Frees a lock that may be held. The holder is not stopped by this: only the fencing of its writes keeps it from harm. True
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
