/** Giving a lock back: compare and delete in one script, so that a lock that expired and was taken by another is never released. */
import type { Redis } from 'ioredis';
import { describeError } from '../errors.ts';
import { runAll, Script } from '../redis/script.ts';
import type { HeldLock, LockContext, LockParts } from './acquire.ts';
import type { Release } from './owed-releases.ts';

const releaseScript = Script.fromFile(new URL('release.lua', import.meta.url));

/** One answer for each, in order: 1 when the lock was still ours, 0 when not. Throws when the connection fails. */
export function sendReleases(client: Redis, releases: readonly Release[]): Promise<readonly unknown[]> {
  return runAll(
    client,
    releases.map(({ key, token }) => ({ script: releaseScript, keys: [key], arguments: [token] })),
  );
}

/**
 * True when the lock was still ours and is free now. Never throws: a release without an answer goes on in the background until Redis
 * answers or the lock has expired.
 */
export async function releaseDistributedLock(
  parts: LockParts,
  lock: HeldLock,
  context: LockContext = lock.context,
): Promise<boolean> {
  const { client, breaker, logger, releases } = parts;
  try {
    const answer = await breaker.run(() => releaseScript.run(client, [lock.key], [lock.token]));
    releases.released(lock);
    if (answer !== 1) logger.warn({ key: lock.key, ...context }, 'lock had expired before its release');
    return answer === 1;
  } catch (error) {
    releases.owe(lock);
    logger.warn(
      { key: lock.key, ...context, error: describeError(error) },
      'lock not released, tried again in the background',
    );
    return false;
  }
}
