/** Traffic between the target and a store, as the store itself counts it, and round trips through a proxy: by these the effect of a network fault is observed. */
import { Redis } from 'ioredis';
import { type Db, MongoClient } from 'mongodb';
import type { StoreName } from '../api/fault.ts';
import type { Clock } from '../clock.ts';
import type { Observer } from '../observe/observer.ts';
import { ownNamePrefix } from '../observe/redis-state.ts';

export const storeTitles: Readonly<Record<StoreName, string>> = { mongo: 'MongoDB', redis: 'Redis' };

/** Without the harness's own. All but `clients` count from the start of the server. */
export interface StoreTraffic {
  readonly clients: number;
  readonly requests: number;
  readonly connectionsAccepted: number;
}

export function readTraffic(observer: Observer, store: StoreName): Promise<StoreTraffic> {
  return store === 'redis' ? observer.redisState() : observer.mongoState();
}

const deadlineMs = 5_000;
const connectionName = `${ownNamePrefix}probe`;

/** Milliseconds that one ping takes through the proxy; rejects without an answer within five seconds. */
export async function measureRoundTripMs(store: StoreName, uri: string, clock: Clock): Promise<number> {
  if (store === 'redis') {
    await using client = await openRedisProbe(uri);
    return await timed(clock, () => client.redis.ping());
  }
  await using client = await openMongoProbe(uri);
  return await timed(clock, () => client.admin.command({ ping: 1 }));
}

/** Milliseconds until the store has sent `bytes` through the proxy. MongoDB has no echo: an error message of that length stands in. */
export async function measureTransferMs(
  store: StoreName,
  uri: string,
  bytes: number,
  clock: Clock,
): Promise<number> {
  const text = 'x'.repeat(bytes);
  if (store === 'redis') {
    await using client = await openRedisProbe(uri);
    return await timed(clock, () => client.redis.echo(text));
  }
  await using client = await openMongoProbe(uri);
  // An unknown command comes back named in the error: the answer is as long as the name.
  return await timed(clock, () => client.admin.command({ [`no${text}`]: 1 }).catch(() => undefined));
}

async function timed(clock: Clock, work: () => Promise<unknown>): Promise<number> {
  const startedMs = clock.monotonicMs();
  await work();
  return clock.monotonicMs() - startedMs;
}

async function openMongoProbe(uri: string): Promise<{ readonly admin: Db } & AsyncDisposable> {
  const client = new MongoClient(uri, {
    appName: connectionName,
    serverMonitoringMode: 'poll',
    serverSelectionTimeoutMS: deadlineMs,
    connectTimeoutMS: deadlineMs,
    socketTimeoutMS: deadlineMs,
  });
  try {
    const admin = client.db('admin');
    // The first command makes the connection, which takes several round trips.
    await admin.command({ ping: 1 });
    return { admin, [Symbol.asyncDispose]: () => client.close() };
  } catch (error) {
    await client.close();
    throw error;
  }
}

async function openRedisProbe(uri: string): Promise<{ readonly redis: Redis } & AsyncDisposable> {
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
  try {
    await redis.connect();
    return { redis, [Symbol.asyncDispose]: () => Promise.resolve(redis.disconnect()) };
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}
