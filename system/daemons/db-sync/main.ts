/** db-sync: drains the write queue to MongoDB in batches. Any number of instances may run; each takes over what a dead one left. */
import { closeRedisClient, createRedisClient } from '../../redis/client.ts';
import { drain } from '../../sync/drain.ts';
import { SyncQueue } from '../../sync/sync-queue.ts';
import type { System } from '../../system.ts';
import { runDaemon } from '../run-daemon.ts';

/** Also the longest time to stop when the queue is empty. */
const blockMs = 200;
const retryMs = 100;

await runDaemon({ name: 'db-sync', start: startSync });

async function startSync(system: System, stopping: AbortSignal) {
  const { config, clock, logger, collections, l2, processId } = system;
  // A connection of its own: while it waits for entries nothing else can be asked on it.
  const client = createRedisClient({
    url: config.REDIS_URL,
    name: `${processId}:queue`,
    commandTimeoutMs: blockMs + config.REDIS_COMMAND_TIMEOUT_MS,
    silenceTimeoutMs: blockMs + config.REDIS_COMMAND_TIMEOUT_MS * 4,
    onError: () => undefined,
  });
  const queue = new SyncQueue(client, processId, config.SYNC_DEAD_LETTERS_MAX);
  const options = {
    client,
    queue,
    collections,
    clock,
    logger,
    retryMs,
    ttlMs: () => l2.jitteredMs(config.L2_TTL_SECONDS),
  };
  let claimedAtMs = clock.monotonicMs();
  return {
    round: async () => {
      if (clock.monotonicMs() - claimedAtMs >= config.SYNC_CLAIM_IDLE_MS / 2) {
        const left = await queue.claim(config.SYNC_BATCH_SIZE, config.SYNC_CLAIM_IDLE_MS);
        claimedAtMs = clock.monotonicMs();
        if (left.length > 0)
          logger.info({ entries: left.length }, 'took over saves that were left unfinished');
        await drain(left, options, stopping);
        const forgotten = await queue.forgetSilent(config.SYNC_CONSUMER_FORGET_MS);
        if (forgotten > 0) logger.info({ consumers: forgotten }, 'forgot consumers of ended processes');
      }
      await drain(await queue.take(config.SYNC_BATCH_SIZE, blockMs), options, stopping);
      return true;
    },
    [Symbol.asyncDispose]: async () => {
      await queue.leave().catch(() => undefined);
      closeRedisClient(client);
    },
  };
}
