/**
 * Acquire and release beside redlock, redis-semaphore and the bare two commands, each of those on a connection as ioredis makes it. Every
 * operation has a key of its own. `node system/bench/lock.ts`
 */
import { Redis } from 'ioredis';
import { Mutex } from 'redis-semaphore';
import Redlock from 'redlock';
import { acquireDistributedLock } from '../lock/acquire.ts';
import { releaseDistributedLock } from '../lock/release.ts';
import { openTestSystem } from '../testing/open-test-system.ts';
import { startTestStack } from '../testing/test-stack.ts';
import { measure, print } from './measure.ts';

await using stack = await startTestStack();
await using system = await openTestSystem(stack, { REDIS_COMMAND_TIMEOUT_MS: '5000' });
const options = { ttl: 30, retry: 0, retryDelayMs: 10, context: { work: 'bench' } };
const plain = new Redis(stack.redisUrl);
const redlock = new Redlock([plain], { retryCount: 0 });
let next = 0;
const freshKey = () => `city:lock:bench:${(next += 1) % 1_000_000}`;

for (const clients of [1, 64]) {
  print(
    `lock, ${clients} clients`,
    await measure(
      [
        {
          name: 'SET NX EX and DEL',
          run: async () => {
            const key = freshKey();
            await plain.set(key, 'token', 'EX', 30, 'NX');
            await plain.del(key);
          },
        },
        {
          name: 'redlock',
          run: async () => {
            const lock = await redlock.acquire([freshKey()], 30_000);
            await lock.release();
          },
        },
        {
          name: 'redis-semaphore',
          run: async () => {
            const mutex = new Mutex(plain, freshKey(), {
              lockTimeout: 30_000,
              refreshInterval: 0,
              acquireAttemptsLimit: 1,
            });
            await mutex.acquire();
            await mutex.release();
          },
        },
        {
          name: 'acquire and release (ours)',
          run: async () => {
            const lock = await acquireDistributedLock(system.lock, freshKey(), options);
            if (lock === false) throw new Error('every key is fresh');
            await releaseDistributedLock(system.lock, lock);
          },
        },
      ],
      { clients, operations: clients === 1 ? 5_000 : 20_000 },
    ),
  );
}
plain.disconnect();
