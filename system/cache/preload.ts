/**
 * Warms L2 with the entities of sessions, by the rules of every other fill: leases are taken before the documents are read, and
 * nothing that is there already, or was changed meanwhile, is replaced by something older.
 */
import type { Redis } from 'ioredis';
import type { Collections, EntityCollection } from '../database/collections.ts';
import type { Filter } from '../database/driver.ts';
import type { Deadline } from '../deadline.ts';
import { describeError, RedisUnavailableError } from '../errors.ts';
import type { Entity } from '../models/entity-kind.ts';
import type { Logger } from '../observability/logger.ts';
import type { Random } from '../random.ts';
import type { CircuitBreaker } from '../redis/circuit-breaker.ts';
import { execute, runAll } from '../redis/script.ts';
import { putScript } from './fill.ts';
import { leaseKey } from './keys.ts';
import type { L2 } from './l2.ts';

interface PreloadParts {
  readonly logger: Logger;
  readonly redis: Redis;
  readonly breaker: CircuitBreaker;
  readonly l2: L2;
  readonly collections: Collections;
  readonly random: Random;
  readonly config: { readonly L2_TTL_SECONDS: number; readonly LEASE_MS: number };
}

export interface Preloaded {
  readonly sessions: number;
  readonly entities: number;
  /** Cache entries stored; the others were there already or have just been changed. */
  readonly stored: number;
  /** Documents that cannot be read; the log names them. */
  readonly damaged: number;
}

const chunkSize = 500;

/** Every session when `sessionId` is absent. Throws `redis_unavailable`; what was stored until then stays. */
export async function preloadCache(
  parts: PreloadParts,
  deadline: Deadline,
  sessionId?: string,
): Promise<Preloaded> {
  if (!parts.l2.usable) throw new RedisUnavailableError('there is no Redis to warm');
  const { city, general, nation, session } = parts.collections.entities;
  const filter = sessionId === undefined ? {} : { session_id: sessionId };
  const sessions = await warm(parts, session, filter, deadline);
  const all = [
    sessions,
    await warm(parts, nation, filter, deadline),
    await warm(parts, city, filter, deadline),
    await warm(parts, general, filter, deadline),
  ];
  const sum = (field: keyof Warmed) => all.reduce((total, warmed) => total + warmed[field], 0);
  return {
    sessions: sessions.entities,
    entities: sum('entities'),
    stored: sum('stored'),
    damaged: sum('damaged'),
  };
}

interface Warmed {
  entities: number;
  stored: number;
  damaged: number;
}

async function warm<T extends Entity>(
  parts: PreloadParts,
  collection: EntityCollection<T>,
  filter: object,
  deadline: Deadline,
): Promise<Warmed> {
  const result = { entities: 0, stored: 0, damaged: 0 };
  let chunk: T[] = [];
  const flush = async () => {
    deadline.check();
    result.entities += chunk.length;
    result.stored += await warmChunk(parts, collection, chunk);
    chunk = [];
  };
  for await (const document of collection.documents.find(filter as Filter<T>, { batchSize: chunkSize })) {
    const entity = parseOrPassOver(parts, collection, document);
    if (entity === undefined) result.damaged += 1;
    else chunk.push(entity);
    if (chunk.length >= chunkSize) await flush();
  }
  if (chunk.length > 0) await flush();
  return result;
}

/** One damaged document must not keep all the others from being warmed. */
function parseOrPassOver<T extends Entity>(
  { logger }: PreloadParts,
  collection: EntityCollection<T>,
  document: unknown,
): T | undefined {
  try {
    return collection.parse(document);
  } catch (error) {
    logger.warn({ error: describeError(error) }, 'passed over by the warm-up');
    return undefined;
  }
}

/** `known` tells which entities there are; their values are read again, once the leases are had. */
async function warmChunk<T extends Entity>(
  parts: PreloadParts,
  collection: EntityCollection<T>,
  known: readonly T[],
): Promise<number> {
  const { redis, random, config, l2 } = parts;
  const token = random.uuid();
  const leases = redis.pipeline();
  for (const entity of known) {
    for (const key of collection.kind.entityKeys(entity)) {
      leases.set(leaseKey(key), token, 'PX', config.LEASE_MS, 'NX');
    }
  }
  await parts.breaker.run(() => execute(leases));
  const ids = known.map((entity) => entity._id);
  const documents = await collection.documents.find({ _id: { $in: ids } } as Filter<T>).toArray();
  const calls = documents.flatMap((document) => {
    const entity = parseOrPassOver(parts, collection, document);
    if (entity === undefined || !collection.codec.isStorable(entity)) return [];
    const text = collection.codec.encode(entity);
    return collection.kind.entityKeys(entity).map((key) => ({
      script: putScript,
      keys: [key],
      arguments: [text, entity.version, l2.jitteredMs(config.L2_TTL_SECONDS), token],
    }));
  });
  const answers = await parts.breaker.run(() => runAll(redis, calls));
  return answers.filter((answer) => answer === 1).length;
}
