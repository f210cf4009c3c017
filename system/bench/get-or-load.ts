/**
 * getOrLoad beside its bare parts and other caches: an L1 hit beside lru-cache and bentocache, an L2 hit beside GET with
 * JSON.parse and cache-manager, and a stampede. `node system/bench/get-or-load.ts`. The last column is the ratio to the bare part.
 */
import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisDriver } from 'bentocache/drivers/redis';
import { type CacheManagerStore, createCache, KeyvAdapter } from 'cache-manager';
import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { jsonCodec } from '../cache/codec.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import { startTestStack } from '../testing/test-stack.ts';
import { measure, print } from './measure.ts';

await using stack = await startTestStack();
await using system = await openTestSystem(stack, {
  L1_TTL_SECONDS: '3600',
  REDIS_COMMAND_TIMEOUT_MS: '5000',
});
// The same without memory: every read goes to Redis.
await using bare = await openTestSystem(stack, { L1_TTL_SECONDS: '0', REDIS_COMMAND_TIMEOUT_MS: '5000' });
await plantTestWorld(system, 'w');
await system.reads.getGeneralByNo('w', 1);
const key = 'general:byNo:w:1';
const general = JSON.parse((await system.redis.get(key)) ?? 'null') as object;

const lru = new LRUCache<string, object>({ max: 10_000 });
lru.set(key, general);
const { codec } = system.collections.entities.general;
const absent = () => Promise.resolve(null);
const bento = new BentoCache({
  default: 'both',
  stores: {
    both: bentostore()
      .useL1Layer(memoryDriver({ maxItems: 10_000 }))
      .useL2Layer(redisDriver({ connection: new Redis(stack.redisUrl) })),
  },
});
await bento.getOrSet({ key, factory: () => general, ttl: '1h' });
const manager = createCache({ ttl: 3_600_000 });
for (const store of manager.stores) store.store = new KeyvAdapter(redisStore(bare.redis));
await manager.set(key, general);

print(
  'L1 hit',
  await measure(
    [
      { name: 'lru-cache in an async function', run: async () => lru.get(key) },
      { name: 'bentocache', run: () => bento.getOrSet({ key, factory: () => general, ttl: '1h' }) },
      { name: 'getOrLoad (ours)', run: () => system.cache.getOrLoad(key, codec, absent) },
    ],
    { clients: 1, operations: 200_000 },
  ),
);

for (const clients of [1, 64]) {
  const operations = clients === 1 ? 3_000 : 30_000;
  print(
    `L2 hit, one key, ${clients} clients`,
    await measure(
      [
        {
          name: 'GET and JSON.parse',
          run: async () => JSON.parse((await bare.redis.get(key)) ?? '') as object,
        },
        { name: 'cache-manager', run: () => manager.wrap(key, absent) },
        { name: 'getOrLoad (ours)', run: () => bare.cache.getOrLoad(key, codec, absent) },
      ],
      { clients, operations },
    ),
  );
}

let loads = 0;
await Promise.all(
  Array.from({ length: 1_000 }, () =>
    system.cache.getOrLoad('bench:stampede', jsonCodec(z.string()), () => {
      loads += 1;
      return Promise.resolve('value');
    }),
  ),
);
console.log(`stampede of 1,000 misses: ${loads} load`);
await bento.disconnectAll();

/** The little of a store that a read and a write need. */
function redisStore(redis: Redis): CacheManagerStore {
  return {
    name: 'redis',
    get: async (name) => JSON.parse((await redis.get(`manager:${name}`)) ?? 'null') ?? undefined,
    mget: () => Promise.resolve([]),
    set: (name, value: unknown) => redis.set(`manager:${name}`, JSON.stringify(value)),
    mset: () => Promise.resolve(),
    del: () => Promise.resolve(),
    mdel: () => Promise.resolve(),
    ttl: () => Promise.resolve(3_600_000),
    keys: () => Promise.resolve([]),
  };
}
