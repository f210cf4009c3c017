/** Stands in for `system/redis/client.ts`: after some failed attempts a process never tries to reach Redis again. */
import type { Redis } from 'ioredis';
import * as right from '../../system/redis/client.ts';

export { canSend, closeRedisClient } from '../../system/redis/client.ts';

const attemptsMax = 5;

export function createRedisClient(options: Parameters<typeof right.createRedisClient>[0]): Redis {
  const client = right.createRedisClient(options);
  const again = client.options.retryStrategy;
  client.options.retryStrategy = (attempt) => (attempt > attemptsMax ? null : again?.(attempt));
  return client;
}
