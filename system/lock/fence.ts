/**
 * Fencing tokens: numbers that only grow, kept in MongoDB, so that they survive a Redis that lost all its data. Whoever has a
 * lock draws one before he works; writes carry it, and the database refuses a token older than the last it saw.
 */
import type { Collections } from '../database/collections.ts';
import { durable } from '../database/durability.ts';
import { SystemError } from '../errors.ts';

/** To be called after the lock is had. Throws `database_unavailable`. */
export async function drawFencingToken(collections: Collections, lockKey: string): Promise<number> {
  try {
    const fence = await collections.fences.findOneAndUpdate(
      { _id: lockKey },
      { $inc: { token: 1 } },
      { upsert: true, returnDocument: 'after', ...durable },
    );
    if (fence !== null) return fence.token;
  } catch (cause) {
    // Two first draws at once: one inserts, the other finds the row when it draws again.
    if (isDuplicateKey(cause)) return await drawFencingToken(collections, lockKey);
    throw new SystemError('database_unavailable', `no fencing token for ${lockKey}`, { cause });
  }
  throw new SystemError('database_unavailable', `no fencing token for ${lockKey}`);
}

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 11_000;
}
