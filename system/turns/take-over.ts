/**
 * Shuts out the processor that began a turn and did not end it. Every entity of the session is stamped with the newer fencing
 * token, and its version moves on, so that writes that the old one still has under way are refused.
 */
import { announce } from '../cache/journal.ts';
import { staleNames } from '../cache/invalidate.ts';
import type { Cache } from '../cache/cache.ts';
import type { Collections } from '../database/collections.ts';
import { durable } from '../database/durability.ts';
import type { UpdateFilter } from '../database/driver.ts';
import type { Random } from '../random.ts';

interface TakeOverParts {
  readonly collections: Collections;
  readonly cache: Cache;
  readonly random: Random;
}

/** `session.turn_started` holds what the database says of the turn being processed. */
export function isTakeOver(
  started: { readonly turn: number; readonly token: number } | null,
  turn: number,
  token: number,
): boolean {
  return started !== null && started.turn === turn && started.token < token;
}

/** Safe to repeat; throws as the driver does. */
export async function shutOutOlderProcessors(
  parts: TakeOverParts,
  sessionId: string,
  token: number,
): Promise<void> {
  const { collections, cache, random } = parts;
  const filter = { session_id: sessionId, turn_fence: { $lt: token } };
  const stamp = {
    $set: { turn_fence: token, write_id: random.uuid() },
    $inc: { version: 1 },
  } as UpdateFilter;
  const { city, general, nation } = collections.entities;
  await Promise.all([
    city.documents.updateMany(filter, stamp, durable),
    general.documents.updateMany(filter, stamp, durable),
    nation.documents.updateMany(filter, stamp, durable),
  ]);
  const names = (['city', 'general', 'nation'] as const).flatMap((type) => staleNames(type, sessionId));
  // After the stamps: a row before them would let the old values be cached again in between.
  await announce(collections.journal, random.uuid(), names);
  await cache.forget(names);
}
