/** Puts the parts of one process together: the whole persistence layer on one screen, from the connections up to the turns. */
import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import { KeyedQueue } from './actions/keyed-queue.ts';
import type { ActionParts } from './actions/perform-action.ts';
import { Cache } from './cache/cache.ts';
import { createInvalidateCache, type InvalidateCache } from './cache/invalidate.ts';
import { JournalReader } from './cache/journal.ts';
import { JournalPoller } from './cache/journal-poller.ts';
import { L1 } from './cache/l1.ts';
import { L2 } from './cache/l2.ts';
import { OwedDeletions } from './cache/owed-deletions.ts';
import { RestartWatch } from './cache/restart-watch.ts';
import { SingleFlight } from './cache/single-flight.ts';
import { type Clock, systemClock } from './clock.ts';
import type { CompoundParts } from './compound/run-compound.ts';
import type { Config } from './config/load.ts';
import { AbandonedTransactions } from './database/abandoned-transactions.ts';
import { type Collections, openCollections } from './database/collections.ts';
import { openDatabase, reopenDatabase } from './database/connect.ts';
import { serverTimeMs } from './database/server-time.ts';
import { createTransactionRunner, type TransactionRunner } from './database/transaction.ts';
import type { LockParts } from './lock/acquire.ts';
import { OwedReleases } from './lock/owed-releases.ts';
import { lockPolicies } from './lock/policy.ts';
import { sendReleases } from './lock/release.ts';
import { WorldReads } from './store/world-reads.ts';
import { WorldSaves } from './store/world-saves.ts';
import { createLogger, type Logger } from './observability/logger.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { type Random, systemRandom } from './random.ts';
import { CircuitBreaker } from './redis/circuit-breaker.ts';
import { closeRedisClient, createRedisClient } from './redis/client.ts';
import { Confirmations } from './sync/confirmations.ts';
import { createDirectWriter } from './sync/direct-write.ts';
import { Saver } from './sync/saver.ts';
import type { TournamentParts } from './tournaments/play-round.ts';
import type { TurnParts } from './turns/process-turn.ts';
import type { WorldParts } from './world/make-world.ts';

export interface System extends AsyncDisposable {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Names this process and this start of it, among all. */
  readonly processId: string;
  readonly redis: Redis;
  readonly breaker: CircuitBreaker;
  readonly l2: L2;
  readonly cache: Cache;
  readonly database: Connection;
  /** Tries once more to reach MongoDB; rejects when it is still away. */
  readonly reopenDatabase: () => Promise<void>;
  readonly collections: Collections;
  readonly transactions: TransactionRunner;
  readonly reads: WorldReads;
  readonly saves: WorldSaves;
  readonly saver: Saver;
  readonly invalidateCache: InvalidateCache;
  readonly journal: JournalPoller;
  readonly lock: LockParts;
  readonly actions: ActionParts;
  readonly turns: TurnParts;
  readonly compound: CompoundParts;
  readonly tournaments: TournamentParts;
  readonly worlds: WorldParts;
}

interface SystemOptions {
  readonly config: Config;
  /** What the process is, e.g. `api`; part of its name in logs. */
  readonly name: string;
  readonly clock?: Clock;
  readonly random?: Random;
}

const workerBreakerFailures = 2;
const workerBreakerOpenMs = 2_000;
const turnChunksAtOnce = 3;
const turnConfirmTimeoutMs = 3_000;

/** Opens the connections without waiting for them: Redis may stay away, and `waitForDatabase` waits for MongoDB. */
export function openSystem(options: SystemOptions): System {
  const { config, name, clock = systemClock, random = systemRandom } = options;
  const processId = `${name}:${config.INSTANCE_ID}:${random.uuid().slice(0, 8)}`;
  const logger = createLogger({ level: config.LOG_LEVEL, name, instance: config.INSTANCE_ID });
  const metrics = createMetrics();
  const { redis, subscriber } = openRedis(config, processId, logger);
  const breaker = new CircuitBreaker({
    clock,
    random,
    failures: config.BREAKER_FAILURES,
    openMs: config.BREAKER_OPEN_MS,
    probe: () => redis.ping(),
    onState: (state) => {
      metrics.breaker(state);
      if (state !== 'half-open') logger.info({ state }, 'circuit breaker of Redis');
    },
  });
  const workerBreaker = new CircuitBreaker({
    clock,
    random,
    failures: workerBreakerFailures,
    openMs: workerBreakerOpenMs,
    probe: () => Promise.resolve(),
    onState: (state) => state !== 'half-open' && logger.info({ state }, 'circuit breaker of db-sync'),
  });

  const databaseOptions = {
    uri: config.MONGODB_URI,
    database: config.MONGODB_DATABASE,
    name: processId,
    poolSize: config.DATABASE_POOL_SIZE,
    selectionTimeoutMs: config.DATABASE_SELECTION_TIMEOUT_MS,
    networkTimeoutMs: config.DATABASE_NETWORK_TIMEOUT_MS,
    metrics: metrics.database,
  };
  const database = openDatabase(databaseOptions);
  database.on('error', (error) => logger.debug({ error: String(error) }, 'connection to MongoDB'));
  const collections = openCollections(database, {
    l2TtlSeconds: config.L2_TTL_SECONDS,
    fenceKeepSeconds: config.FENCE_KEEP_SECONDS,
  });
  const abandoned = new AbandonedTransactions(database, clock, logger);
  const transactions = createTransactionRunner(database, clock, random, abandoned);

  const releases = new OwedReleases({
    clock,
    random,
    logger,
    send: (owed) => sendReleases(redis, owed),
  });
  redis.on('ready', () => releases.wake());
  const restarts = new RestartWatch({
    client: redis,
    clock,
    logger,
    checkMs: config.REDIS_RESTART_CHECK_MS,
    onRestart: () => releases.repeatReleased(),
  });
  const l2 = new L2({
    client: redis,
    breaker,
    random,
    leaseMs: config.LEASE_MS,
    trusted: () => restarts.trusted,
  });
  const cache = new Cache({
    clock,
    l1: new L1({ clock, ttlMs: config.L1_TTL_SECONDS * 1000, maxEntries: config.L1_MAX_ENTRIES }),
    l2,
    flights: new SingleFlight(),
    owed: new OwedDeletions(),
    metrics: metrics.cache,
    ttlSeconds: config.L2_TTL_SECONDS,
  });
  const journal = new JournalPoller({
    clock,
    cache,
    reader: new JournalReader(collections.journal),
    client: redis,
    redisUsable: () => breaker.state === 'closed',
    pollMs: config.JOURNAL_POLL_MS,
    logger,
  });
  breaker.beforeClosing = () => journal.reconcile();

  const saver = new Saver({
    client: redis,
    breaker,
    workerBreaker,
    confirmations: new Confirmations(subscriber, clock, logger, processId),
    direct: createDirectWriter({ collections, transactions, clock, random }),
    clock,
    logger,
    metrics: metrics.save,
    processId,
    queueMaxLength: config.SYNC_QUEUE_MAX_LENGTH,
    leaseMs: config.LEASE_MS,
    confirmTimeoutMs: config.SYNC_CONFIRM_TIMEOUT_MS,
    ttlMs: () => l2.jitteredMs(config.L2_TTL_SECONDS),
  });
  const databaseTimeMs = () => serverTimeMs(database);
  const reads = new WorldReads(cache, collections);
  const maxUnconfirmed = config.MAX_UNCONFIRMED_SAVES;
  const saves = new WorldSaves({ saver, cache, collections, clock, random, maxUnconfirmed });
  const lock = { client: redis, breaker, clock, random, logger, releases };

  return {
    config,
    clock,
    random,
    logger,
    metrics,
    processId,
    redis,
    breaker,
    l2,
    cache,
    database,
    reopenDatabase: () => reopenDatabase(database, databaseOptions),
    collections,
    transactions,
    reads,
    saves,
    saver,
    invalidateCache: createInvalidateCache(cache, collections, random),
    journal,
    lock,
    tournaments: {
      collections,
      saves,
      clock,
      random,
      lock,
      policy: lockPolicies(config).tournamentRound,
      serverTimeMs: databaseTimeMs,
    },
    compound: { collections, transactions, cache, lock, clock, random, serverTimeMs: databaseTimeMs },
    actions: { collections, reads, saves, queue: new KeyedQueue(), clock, random },
    turns: {
      lock,
      policy: lockPolicies(config).turnProcessing,
      collections,
      cache,
      saves,
      clock,
      random,
      logger,
      instance: config.INSTANCE_ID,
      serverTimeMs: databaseTimeMs,
      advance: {
        chunkSize: config.TURN_CHUNK_SIZE,
        chunksAtOnce: turnChunksAtOnce,
        confirmTimeoutMs: turnConfirmTimeoutMs,
      },
    },
    worlds: {
      collections,
      transactions,
      lock,
      policy: lockPolicies(config).sessionState,
      random,
      serverTimeMs: databaseTimeMs,
    },
    [Symbol.asyncDispose]: async () => {
      await journal[Symbol.asyncDispose]();
      await restarts[Symbol.asyncDispose]();
      await releases[Symbol.asyncDispose]();
      abandoned[Symbol.dispose]();
      breaker[Symbol.dispose]();
      workerBreaker[Symbol.dispose]();
      closeRedisClient(redis);
      closeRedisClient(subscriber);
      await database.close(true).catch(() => undefined);
    },
  };
}

/** One connection for commands, one for the outcomes of saves: a connection that subscribes can do nothing else. */
function openRedis(config: Config, processId: string, logger: Logger): { redis: Redis; subscriber: Redis } {
  let reported = false;
  const open = (purpose: string) =>
    createRedisClient({
      url: config.REDIS_URL,
      name: `${processId}:${purpose}`,
      commandTimeoutMs: config.REDIS_COMMAND_TIMEOUT_MS,
      silenceTimeoutMs: config.REDIS_COMMAND_TIMEOUT_MS * 4,
      onError: (error) => {
        if (!reported) logger.warn({ error: error.message }, 'Redis');
        reported = true;
      },
    });
  const redis = open('commands');
  redis.on('ready', () => {
    reported = false;
  });
  return { redis, subscriber: open('outcomes') };
}

/** Resolves when MongoDB answers and has what the system needs; tries until `signal` is aborted, then rejects with its reason. */
export async function waitForDatabase(system: System, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    try {
      await system.database.asPromise().catch(() => system.reopenDatabase());
      await system.collections.prepare();
      // Before the first read: Redis may hold values that were changed while it could not be told.
      await system.journal.catchUp();
      system.journal.start();
      return;
    } catch (error) {
      system.logger.warn({ error: String(error) }, 'waiting for MongoDB');
      await system.clock.sleep(databaseRetryMs, signal);
    }
  }
}

const databaseRetryMs = 250;
