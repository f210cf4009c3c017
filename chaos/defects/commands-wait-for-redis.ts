/** Stands in for `system/redis/client.ts`: commands wait until Redis is back, however long that takes, as the library would have it. */
import { Redis } from 'ioredis';
import type { createRedisClient as rightCreateRedisClient } from '../../system/redis/client.ts';

export { canSend, closeRedisClient } from '../../system/redis/client.ts';

export function createRedisClient(options: Parameters<typeof rightCreateRedisClient>[0]): Redis {
  const client = new Redis(options.url, {
    connectionName: options.name,
    protocol: 2,
    maxRetriesPerRequest: null,
    enableOfflineQueue: true,
    disableClientInfo: true,
  });
  client.on('error', options.onError);
  return client;
}
