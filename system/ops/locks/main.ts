/** `node system/ops/locks/main.ts list | held SECONDS | release KEY --yes`: the operator's view of the locks. */
import { userInfo } from 'node:os';
import type { Redis } from 'ioredis';
import { type Config, ConfigurationError, loadConfig } from '../../config/load.ts';
import { describeError } from '../../errors.ts';
import { createLogger } from '../../observability/logger.ts';
import { closeRedisClient } from '../../redis/client.ts';
import { connectForOperator } from '../operator-redis.ts';
import { listLocks, lockKinds, type LockState, releaseByForce, secondsHeld } from './lock-tools.ts';

const usage = 'usage: locks list | locks held SECONDS | locks release KEY --yes\n';
const usageExitCode = 64;
const unavailableExitCode = 69;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let config: Config;
  try {
    config = loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return usageExitCode;
  }
  const client = await connectForOperator(config.REDIS_URL);
  if (client === undefined) {
    process.stderr.write('Redis does not answer at REDIS_URL.\n');
    return unavailableExitCode;
  }
  try {
    return await run(client, config, args);
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    return unavailableExitCode;
  } finally {
    closeRedisClient(client);
  }
}

async function run(
  client: Redis,
  config: Config,
  [command, argument, confirmation]: readonly string[],
): Promise<number> {
  if (command === 'list' && argument === undefined) {
    print(await listLocks(client), config);
    return 0;
  }
  if (command === 'held' && /^\d+$/.test(argument ?? '')) {
    const locks = await listLocks(client);
    print(
      locks.filter((lock) => (secondsHeld(lock, lockKinds(config)) ?? Infinity) >= Number(argument)),
      config,
    );
    return 0;
  }
  if (command === 'release' && argument?.includes(':lock:') === true)
    return await release(client, config, argument, confirmation);
  process.stderr.write(usage);
  return usageExitCode;
}

async function release(
  client: Redis,
  config: Config,
  key: string,
  confirmation: string | undefined,
): Promise<number> {
  process.stderr.write(
    `Warning: the holder of ${key} goes on working. Only the fencing of its writes keeps it from harm.\n`,
  );
  if (confirmation !== '--yes') {
    process.stderr.write('Nothing was done. Add --yes to release it all the same.\n');
    return usageExitCode;
  }
  const logger = createLogger({ level: 'info', name: 'locks', instance: config.INSTANCE_ID });
  const existed = await releaseByForce(client, logger, key, userInfo().username);
  return existed ? 0 : 1;
}

function print(locks: readonly LockState[], config: Config): void {
  for (const lock of locks) {
    const held = secondsHeld(lock, lockKinds(config));
    process.stdout.write(
      `${lock.key}\t${lock.secondsLeft} s left\t${held === undefined ? 'held unknown' : `${held} s held`}\n`,
    );
  }
}
