/** Empties a stack that the harness has started itself: everything in it is its own. */
import { Redis } from 'ioredis';
import type { StackEndpoints } from './contract.ts';
import { openMongo } from './mongo-launch.ts';

const deadlineMs = 5_000;

export async function emptyOwnStack(endpoints: StackEndpoints, databaseName: string): Promise<void> {
  const redis = new Redis(endpoints.redis.direct, {
    connectionName: 'redcliff-stack',
    lazyConnect: true,
    connectTimeout: deadlineMs,
    commandTimeout: deadlineMs,
    retryStrategy: null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.flushall();
  } finally {
    redis.disconnect();
  }
  await using mongo = await openMongo(endpoints.mongo.direct);
  await mongo.db(databaseName).dropDatabase({ writeConcern: { w: 'majority' } });
}
