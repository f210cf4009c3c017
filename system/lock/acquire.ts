/** Taking a lock: one atomic SET with NX and EX, a random token, a bounded number of tries. */
import type { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { describeError, RedisUnavailableError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import type { Random } from '../random.ts';
import type { CircuitBreaker } from '../redis/circuit-breaker.ts';
import { canSend } from '../redis/client.ts';
import type { OwedReleases } from './owed-releases.ts';

export interface LockParts {
  readonly client: Redis;
  readonly breaker: CircuitBreaker;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** One for all locks of the process. */
  readonly releases: OwedReleases;
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
 * The lock, or false when others hold it through all tries. Throws RedisUnavailableError when Redis could not be asked
 * or refused it in the end. Waits at most `retry` × `retryDelayMs` beside Redis's own answers.
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
  if (failure !== undefined) {
    logger.warn({ key, ...options.context, error: describeError(failure) }, 'lock not acquired');
    throw failure;
  }
  logger.info({ key, ...options.context }, 'lock not acquired, another process holds it');
  return false;
}

/** Undefined when another holds it. Throws RedisUnavailableError. */
async function tryOnce(
  parts: LockParts,
  key: string,
  options: AcquireOptions,
): Promise<HeldLock | undefined> {
  const { client, breaker, clock, random, releases } = parts;
  const token = random.uuid();
  const expiresAtMs = clock.monotonicMs() + options.ttl * 1000;
  let sent = false;
  try {
    const answer = await breaker.run(() => {
      sent = canSend(client);
      return client.set(key, token, 'EX', options.ttl, 'NX');
    });
    return answer === 'OK' ? { key, token, expiresAtMs, context: options.context } : undefined;
  } catch (error) {
    // An answer that is an error, e.g. of a Redis that is full, says that the lock was not taken.
    if (!(error instanceof RedisUnavailableError)) {
      throw new RedisUnavailableError('Redis refused the lock', error);
    }
    // The answer was lost and the lock may be ours.
    if (sent) releases.oweUnanswered({ key, token, expiresAtMs });
    throw error;
  }
}
