/** Makes a stack that the harness has started itself fit for another cell: everything in it is its own, its settings too. */
import { Redis } from 'ioredis';
import type { StackEndpoints } from './contract.ts';
import { openMongo } from './mongo-launch.ts';

const deadlineMs = 5_000;
/** A transaction left open by a killed process locks its documents for this long; the default of 60 s is too long for a cell. */
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
