/** Acquire and release beside the bare two commands. `node system/bench/lock.ts`. Every client has a key of its own. */
import { acquireDistributedLock } from '../lock/acquire.ts';
import { releaseDistributedLock } from '../lock/release.ts';
import { openTestSystem } from '../testing/open-test-system.ts';
import { startTestStack } from '../testing/test-stack.ts';
import { measure, print } from './measure.ts';

await using stack = await startTestStack();
await using system = await openTestSystem(stack, { REDIS_COMMAND_TIMEOUT_MS: '5000' });
const options = { ttl: 30, retry: 0, retryDelayMs: 10, context: { work: 'bench' } };
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
            await system.redis.set(key, 'token', 'EX', 30, 'NX');
            await system.redis.del(key);
          },
        },
        {
          name: 'acquire and release',
          run: async () => {
            const lock = await acquireDistributedLock(system.lock, freshKey(), options);
            if (lock === false) throw new Error('every key is fresh');
            await releaseDistributedLock(system.lock, lock);
          },
        },
      ],
      { clients, operations: clients === 1 ? 2_000 : 20_000 },
    ),
  );
}
