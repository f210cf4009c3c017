/**
 * The harness's own connections to Redis and MongoDB, past the proxies, to observe the effect of faults and to read the final state. The
 * target never uses them.
 */
import { Redis } from 'ioredis';
import { MongoClient, type Db } from 'mongodb';
import { type MongoState, watchMongo } from './mongo-state.ts';
import { ownNamePrefix, readRedisState, type RedisState } from './redis-state.ts';

const connectionName = `${ownNamePrefix}observer`;
const commandTimeoutMs = 2_000;

export interface Observer extends AsyncDisposable {
  readonly redis: Redis;
  readonly database: Db;
  redisState(): Promise<RedisState>;
  mongoState(): Promise<MongoState>;
}

/** Addresses that lead to the stores directly. */
export interface DirectEndpoints {
  readonly redis: { readonly direct: string };
  readonly mongo: { readonly direct: string };
}

export async function openObserver(endpoints: DirectEndpoints, databaseName: string): Promise<Observer> {
  const redis = new Redis(endpoints.redis.direct, {
    connectionName,
    lazyConnect: true,
    commandTimeout: commandTimeoutMs,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(attempt * 20, 200),
  });
  // An error of the connection reaches the command that needed it; without a listener it would end the harness.
  redis.on('error', () => undefined);
  await redis.connect();
  const mongo = new MongoClient(endpoints.mongo.direct, {
    appName: connectionName,
    maxPoolSize: 4,
    monitorCommands: true,
    serverMonitoringMode: 'poll',
    serverSelectionTimeoutMS: commandTimeoutMs,
    socketTimeoutMS: 10_000,
  });
  const eye = watchMongo(mongo);
  await mongo.connect();
  return {
    redis,
    database: mongo.db(databaseName),
    redisState: () => readRedisState(redis),
    mongoState: () => eye.readState(),
    [Symbol.asyncDispose]: async () => {
      redis.disconnect();
      await mongo.close();
    },
  };
}
