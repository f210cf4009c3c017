/**
 * The harness's own eyes: direct connections to Redis and MongoDB, past Toxiproxy, to prove that a fault was felt and to
 * read the final state. The system under test never uses them.
 */
import { Redis } from 'ioredis';
import { MongoClient, type Db } from 'mongodb';
import type { StackEndpoints } from '../stack/contract.ts';

const connectionName = 'redcliff-observer';
const commandTimeoutMs = 2_000;

export interface RedisState {
  /** Clients other than the observer. */
  readonly clients: number;
  readonly commandsProcessed: number;
  readonly keys: number;
  /** Changes with every start of the server. */
  readonly runId: string;
}

export interface Observer extends AsyncDisposable {
  readonly redis: Redis;
  readonly database: Db;
  redisState(): Promise<RedisState>;
  /** Connections MongoDB has now, the observer's included. */
  mongoConnections(): Promise<number>;
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
    serverSelectionTimeoutMS: commandTimeoutMs,
    socketTimeoutMS: 10_000,
  });
  await mongo.connect();
  const database = mongo.db(databaseName);
  return {
    redis,
    database,
    redisState: async () => {
      const [clients, statistics, server, keys] = await Promise.all([
        redis.client('LIST'),
        redis.info('stats'),
        redis.info('server'),
        redis.dbsize(),
      ]);
      const others = String(clients)
        .split('\n')
        .filter((line) => line.includes('id=') && !line.includes(`name=${connectionName}`));
      return {
        clients: others.length,
        commandsProcessed: Number(field(statistics, 'total_commands_processed')),
        keys,
        runId: field(server, 'run_id'),
      };
    },
    mongoConnections: async () => {
      const status = await mongo.db('admin').command({ serverStatus: 1 });
      return Number(status['connections']?.current ?? 0);
    },
    [Symbol.asyncDispose]: async () => {
      redis.disconnect();
      await mongo.close();
    },
  };
}

function field(info: string, name: string): string {
  const line = info.split('\r\n').find((candidate) => candidate.startsWith(`${name}:`));
  return line?.slice(name.length + 1) ?? '';
}
