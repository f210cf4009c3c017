/** Giving a lock back: compare and delete in one script, so that nobody releases a lock that expired and was taken by another. */
import type { Redis } from 'ioredis';
import { describeError } from '../errors.ts';
import { Script } from '../redis/script.ts';
import type { HeldLock, LockContext, LockParts } from './acquire.ts';

const releaseScript = Script.fromFile(new URL('release.lua', import.meta.url));

/** True when the lock was still ours. */
export async function releaseToken(client: Redis, key: string, token: string): Promise<boolean> {
  return (await releaseScript.run(client, [key], [token])) === 1;
}

/** True when the lock was still ours and is free now. Never throws: what can not be released expires. */
export async function releaseDistributedLock(
  parts: LockParts,
  lock: HeldLock,
  context: LockContext = lock.context,
): Promise<boolean> {
  try {
    const released = await parts.breaker.run(() => releaseToken(parts.client, lock.key, lock.token));
    if (!released) parts.logger.warn({ key: lock.key, ...context }, 'lock had expired before its release');
    return released;
  } catch (error) {
    parts.logger.warn({ key: lock.key, ...context, error: describeError(error) }, 'lock left to expire');
    return false;
  }
}
