/**
 * The harness's own eyes: direct connections to Redis and MongoDB, past Toxiproxy, to prove that a fault was felt and to
 * read the final state. The system under test never uses them.
 */
import { Redis } from 'ioredis';
import { MongoClient, type Db } from 'mongodb';
import type { StackEndpoints } from '../stack/contract.ts';
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

export async function openObserver(endpoints: StackEndpoints, databaseName: string): Promise<Observer> {
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
