/** Stands in for `system/redis/client.ts`: a command waits for its answer as long as the connection stands. */
import { Redis } from 'ioredis';
import type { createRedisClient as rightCreateRedisClient } from '../../system/redis/client.ts';

export { canSend, closeRedisClient } from '../../system/redis/client.ts';

export function createRedisClient(options: Parameters<typeof rightCreateRedisClient>[0]): Redis {
  const client = new Redis(options.url, {
    connectionName: options.name,
    protocol: 2,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    disableClientInfo: true,
  });
  client.on('error', options.onError);
  return client;
}
