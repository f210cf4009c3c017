/**
 * Fencing tokens: numbers that only grow, kept in MongoDB, so that they survive a Redis that lost all its data. The holder of a lock
 * draws one before it works; writes carry it, and the database refuses a token older than the last it saw. A token is the database's
 * time in milliseconds, or one more than the last: so it grows also when the row has ended meanwhile.
 */
import type { Collections } from '../database/collections.ts';
import { durable } from '../database/durability.ts';
import { SystemError } from '../errors.ts';

const afterLast = { $add: [{ $ifNull: ['$token', 0] }, 1] };

/** Call it after the lock was acquired. Throws `database_unavailable`. */
export async function drawFencingToken(collections: Collections, lockKey: string): Promise<number> {
  try {
    const fence = await collections.fences.findOneAndUpdate(
      { _id: lockKey },
      [{ $set: { at: '$$NOW', token: { $max: [afterLast, { $toLong: '$$NOW' }] } } }],
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
