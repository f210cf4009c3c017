/** Time of one ping through the proxy: what a client of the server feels just now. */
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import type { Clock } from '../clock.ts';
import { ownNamePrefix } from '../observe/redis-state.ts';
import type { NetworkedPart } from './part-traffic.ts';

const deadlineMs = 5_000;
const connectionName = `${ownNamePrefix}probe`;

/** Milliseconds; rejects when there is no answer within five seconds. */
export function measureRoundTripMs(part: NetworkedPart, uri: string, clock: Clock): Promise<number> {
  return part === 'redis' ? pingRedisMs(uri, clock) : pingMongoMs(uri, clock);
}

async function pingRedisMs(uri: string, clock: Clock): Promise<number> {
  await using client = await openProbe(uri);
  const startedMs = clock.monotonicMs();
  await client.redis.ping();
  return clock.monotonicMs() - startedMs;
}

/** Milliseconds until Redis has sent `bytes` through the proxy. */
export async function measureTransferMs(uri: string, bytes: number, clock: Clock): Promise<number> {
  await using client = await openProbe(uri);
  const startedMs = clock.monotonicMs();
  await client.redis.echo('x'.repeat(bytes));
  return clock.monotonicMs() - startedMs;
}

async function openProbe(uri: string): Promise<{ readonly redis: Redis } & AsyncDisposable> {
  const redis = new Redis(uri, {
    connectionName,
    lazyConnect: true,
    enableReadyCheck: false,
    disableClientInfo: true,
    commandTimeout: deadlineMs,
    connectTimeout: deadlineMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  const probe = {
    redis,
    [Symbol.asyncDispose]: () => Promise.resolve(redis.disconnect()),
  };
  try {
    await redis.connect();
    return probe;
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

async function pingMongoMs(uri: string, clock: Clock): Promise<number> {
  await using client = new MongoClient(uri, {
    appName: connectionName,
    serverMonitoringMode: 'poll',
    serverSelectionTimeoutMS: deadlineMs,
    connectTimeoutMS: deadlineMs,
    socketTimeoutMS: deadlineMs,
  });
  const admin = client.db('admin');
  // The first command makes the connection, which takes several round trips.
  await admin.command({ ping: 1 });
  const startedMs = clock.monotonicMs();
  await admin.command({ ping: 1 });
  return clock.monotonicMs() - startedMs;
}
