/** What an update makes stale in the cache, and its invalidation after a change of the database past the saves. */
import type { Collections } from '../database/collections.ts';
import { SystemError } from '../errors.ts';
import type { EntityType } from '../models/registry.ts';
import type { Random } from '../random.ts';
import type { Cache } from './cache.ts';
import { announce } from './journal.ts';
import { type CacheName, cacheKeys } from './keys.ts';

type Target = 'entity' | 'lists';

export interface InvalidateOptions {
  /** Both when absent. */
  readonly targets?: readonly Target[];
}

/** `id`: the number of a city, nation or general, or a general's id. Without one, every entity of the session. */
export function staleNames(
  type: EntityType,
  sessionId: string,
  id?: string | number,
  targets: readonly Target[] = ['entity', 'lists'],
): readonly CacheName[] {
  return [
    ...(targets.includes('entity') ? entityKeys(type, sessionId, id) : []),
    ...(targets.includes('lists') ? listKeys(type, sessionId) : []),
  ];
}

function entityKeys(
  type: EntityType,
  sessionId: string,
  id: string | number | undefined,
): readonly CacheName[] {
  if (type === 'session') return [cacheKeys.session(sessionId)];
  if (type === 'general') return generalKeys(sessionId, id);
  if (id === undefined) return [{ prefix: `${type}:byId:${sessionId}:` }];
  return [`${type}:byId:${sessionId}:${id}`];
}

function generalKeys(sessionId: string, id: string | number | undefined): readonly CacheName[] {
  const allNumbers = { prefix: `general:byNo:${sessionId}:` };
  if (id === undefined) return [{ prefix: `general:byId:${sessionId}:` }, allNumbers];
  const no = typeof id === 'number' ? id : Number(/:g(\d+)$/.exec(id)?.[1]);
  const generalId = typeof id === 'number' ? `${sessionId}:g${id}` : id;
  // Under an id of a foreign form the number can not be told, so all numbers go.
  const byNo = Number.isInteger(no) ? cacheKeys.generalByNo(sessionId, no) : allNumbers;
  return [cacheKeys.general(sessionId, generalId), byNo];
}

function listKeys(type: EntityType, sessionId: string): readonly CacheName[] {
  switch (type) {
    case 'city':
      return [cacheKeys.cities(sessionId), { prefix: `cities:nation:${sessionId}:` }];
    case 'general':
      return [cacheKeys.generals(sessionId)];
    case 'nation':
      return [cacheKeys.nations(sessionId)];
    case 'session':
      return [];
  }
}

export type InvalidateCache = (
  type: EntityType,
  sessionId: string,
  id?: string | number,
  options?: InvalidateOptions,
) => Promise<void>;

/**
 * Drops the keys at once; when Redis can not be told, the journal tells every process. Throws `invalidation_undelivered` when
 * neither could be reached: this process goes on trying and does not trust Redis for these keys meanwhile.
 */
export function createInvalidateCache(
  cache: Cache,
  collections: Collections,
  random: Random,
): InvalidateCache {
  return async (type, sessionId, id, options = {}) => {
    const names = staleNames(type, sessionId, id, options.targets);
    if (await cache.forget(names)) return;
    try {
      await announce(collections.journal, random.uuid(), names);
    } catch (cause) {
      const what = `${type} ${id ?? 'of all numbers'} of ${sessionId}`;
      throw new SystemError('invalidation_undelivered', `${what} may be stale in Redis`, { cause });
    }
  };
}
