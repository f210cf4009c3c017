/** `node system/ops/health-check/main.ts`, by cron every 5 minutes. Exit: 0 all well, 1 repaired or to be looked at, 2 broken, 64 configuration. */
import mongoose from 'mongoose';
import { systemClock } from '../../clock.ts';
import { type Config, ConfigurationError, loadConfig } from '../../config/load.ts';
import { createLogger } from '../../observability/logger.ts';
import { closeRedisClient } from '../../redis/client.ts';
import { createAlerts } from '../alerts.ts';
import { describeLongLock, listLocks, lockKinds } from '../locks/lock-tools.ts';
import { connectForOperator } from '../operator-redis.ts';
import { createPm2 } from '../process-manager.ts';
import { runProgram } from '../run-program.ts';
import { checkHealth, exitStatus, type Surroundings } from './health-check.ts';

const configurationExitCode = 64;
const apiTimeoutMs = 5_000;
const mongoTimeoutMs = 3_000;

try {
  const config = loadConfig(process.env);
  const logger = createLogger({
    level: config.LOG_LEVEL,
    name: 'health-check',
    instance: config.INSTANCE_ID,
  });
  const alerts = createAlerts(logger, config.SLACK_WEBHOOK_URL);
  const results = await checkHealth(surroundingsOf(config), alerts, systemClock);
  logger.info({ results }, 'checked');
  process.exitCode = exitStatus(results);
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = configurationExitCode;
}

function surroundingsOf(config: Config): Surroundings {
  const pm2 = createPm2(config.PM2_COMMAND);
  const restartCommand = config.REDIS_RESTART_COMMAND;
  return {
    pingRedis: async () => {
      const client = await connectForOperator(config.REDIS_URL);
      if (client !== undefined) closeRedisClient(client);
      return client !== undefined;
    },
    restartRedis:
      restartCommand === undefined
        ? undefined
        : async () => void (await runProgram('/bin/sh', ['-c', restartCommand])),
    pingMongo: () => pingMongo(config.MONGODB_URI),
    listProcesses: () => pm2.list(),
    restartProcess: (name) => pm2.restart(name),
    askApi: async () => {
      const response = await fetch(`${config.API_URL}/api/health`, {
        signal: AbortSignal.timeout(apiTimeoutMs),
      });
      await response.body?.cancel();
      return response.status === 200;
    },
    findLongLocks: async () => {
      const client = await connectForOperator(config.REDIS_URL);
      if (client === undefined) throw new Error('Redis does not answer');
      try {
        const kinds = lockKinds(config);
        const described = (await listLocks(client)).map((lock) =>
          describeLongLock(lock, kinds, config.LONG_LOCK_SECONDS),
        );
        return described.filter((text) => text !== undefined);
      } finally {
        closeRedisClient(client);
      }
    },
  };
}

async function pingMongo(uri: string): Promise<boolean> {
  const connection = mongoose.createConnection(uri, {
    serverSelectionTimeoutMS: mongoTimeoutMs,
    socketTimeoutMS: mongoTimeoutMs,
    connectTimeoutMS: mongoTimeoutMs,
  });
  try {
    await connection.asPromise();
    await connection.db?.command({ ping: 1 });
    return true;
  } finally {
    await connection.close(true).catch(() => undefined);
  }
}
