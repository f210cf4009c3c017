/** Makes a stack that the harness has started itself fit for another cell: everything in it is its own, its settings too. */
import { Redis } from 'ioredis';
import type { StackEndpoints } from './contract.ts';
import { openMongo } from './mongo-launch.ts';

const deadlineMs = 5_000;
/** What a killed process leaves open keeps its documents locked for so long; a cell cannot wait for the server's own 60 s. */
export const transactionLifetimeSeconds = 5;

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
  const setting = { setParameter: 1, transactionLifetimeLimitSeconds: transactionLifetimeSeconds };
  await mongo.db('admin').command(setting);
}
