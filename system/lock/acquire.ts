/** Taking a lock: one atomic SET with NX and EX, a random token, a bounded number of tries. */
import type { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { RedisUnavailableError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import type { Random } from '../random.ts';
import type { CircuitBreaker } from '../redis/circuit-breaker.ts';
import { releaseToken } from './release.ts';

export interface LockParts {
  readonly client: Redis;
  readonly breaker: CircuitBreaker;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Who wants a lock and why, for the logs. */
export type LockContext = Readonly<Record<string, string | number>>;

export interface AcquireOptions {
  /** Seconds after which the lock is free by itself. */
  readonly ttl: number;
  /** Further tries after the first. */
  readonly retry: number;
  readonly retryDelayMs: number;
  readonly context: LockContext;
  readonly deadline?: Deadline;
}

/** A lock that is held; the token belongs to this acquisition alone, so that a late release can not free another's lock. */
export interface HeldLock {
  readonly key: string;
  readonly token: string;
  /** Monotonic time at which Redis frees the lock at the earliest. */
  readonly expiresAtMs: number;
  readonly context: LockContext;
}

/**
 * The lock, or false when others hold it through all tries. Throws RedisUnavailableError when it could not be asked for
 * in the end. Waits at most `retry` × `retryDelayMs` beside Redis's own answers.
 */
export async function acquireDistributedLock(
  parts: LockParts,
  key: string,
  options: AcquireOptions,
): Promise<HeldLock | false> {
  const { clock, logger } = parts;
  let failure: RedisUnavailableError | undefined;
  for (let attempt = 0; attempt <= options.retry; attempt += 1) {
    if (attempt > 0) await clock.sleep(options.retryDelayMs, options.deadline?.signal);
    options.deadline?.check();
    try {
      const held = await tryOnce(parts, key, options);
      if (held !== undefined) return held;
      failure = undefined;
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
      failure = error;
    }
  }
  logger.debug({ key, ...options.context }, 'lock not had');
  if (failure !== undefined) throw failure;
  return false;
}

async function tryOnce(
  parts: LockParts,
  key: string,
  options: AcquireOptions,
): Promise<HeldLock | undefined> {
  const token = parts.random.uuid();
  const startedMs = parts.clock.monotonicMs();
  try {
    const answer = await parts.breaker.run(() => parts.client.set(key, token, 'EX', options.ttl, 'NX'));
    if (answer !== 'OK') return undefined;
    return { key, token, expiresAtMs: startedMs + options.ttl * 1000, context: options.context };
  } catch (error) {
    // The answer was lost, the lock may be ours: without this nobody could have it for its whole TTL.
    void releaseInTheEnd(parts, key, token, options.ttl);
    throw error;
  }
}

const releaseRetryMs = 500;

/** Tries to release until Redis has answered, or the lock has expired by itself. */
async function releaseInTheEnd(parts: LockParts, key: string, token: string, ttl: number): Promise<void> {
  const endsAtMs = parts.clock.monotonicMs() + ttl * 1000;
  while (parts.clock.monotonicMs() < endsAtMs && parts.client.status !== 'end') {
    try {
      await releaseToken(parts.client, key, token);
      return;
    } catch {
      await parts.clock.sleep(releaseRetryMs);
    }
  }
}
