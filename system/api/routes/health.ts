/** Whether this process can serve, and how its surroundings are. */
import type { Redis } from 'ioredis';
import { syncKeys } from '../../cache/keys.ts';
import { type DaemonLife, listDaemons } from '../../daemons/heartbeat.ts';
import { SystemError } from '../../errors.ts';
import type { System } from '../../system.ts';
import { errorBody } from '../answer-errors.ts';
import type { Api } from '../api.ts';

interface RedisHealth {
  readonly state: 'down' | 'up';
  readonly queue: { readonly length: number | null; readonly oldestAgeMs: number | null };
  readonly daemons: readonly DaemonLife[];
}

export function addHealthRoute(app: Api, system: System): void {
  app.get(
    '/api/health',
    { schema: { summary: 'State of this process and its surroundings' } },
    async (_request, reply) => {
      const [mongo, redis] = await Promise.all([askMongo(system), askRedis(system)]);
      const data = {
        redis: redis.state,
        mongo,
        queue: redis.queue,
        daemons: redis.daemons,
        breaker: system.breaker.state,
        unconfirmedSaves: system.saver.unconfirmed,
        instance: system.config.INSTANCE_ID,
      };
      if (mongo === 'up') return { data };
      // Without Redis everything is slower; without MongoDB nothing can be saved.
      const error = new SystemError('database_unavailable', 'MongoDB does not answer');
      reply.code(error.status).header('retry-after', '1');
      return { data, error: errorBody(error, 'GET') };
    },
  );
}

async function askMongo({ database, clock, config }: System): Promise<'down' | 'up'> {
  const stop = new AbortController();
  const ping =
    database.db?.command({ ping: 1 }).then(() => 'up' as const) ?? Promise.resolve('down' as const);
  const patience = clock
    .sleep(Math.min(config.DATABASE_SELECTION_TIMEOUT_MS, config.REQUEST_DEADLINE_MS / 2), stop.signal)
    .then(() => 'down' as const);
  try {
    return await Promise.race([ping, patience]);
  } catch {
    return 'down';
  } finally {
    patience.catch(() => undefined);
    ping.catch(() => undefined);
    stop.abort();
  }
}

/** Asks past the circuit breaker: the question is whether Redis is there, not whether it was. */
async function askRedis({ redis, clock }: System): Promise<RedisHealth> {
  try {
    const [queue, daemons] = await Promise.all([
      measureQueue(redis, clock.nowMs()),
      listDaemons(redis, clock),
    ]);
    return { state: 'up', queue, daemons };
  } catch {
    return { state: 'down', queue: { length: null, oldestAgeMs: null }, daemons: [] };
  }
}

async function measureQueue(redis: Redis, nowMs: number): Promise<RedisHealth['queue']> {
  const [length, oldest] = await Promise.all([
    redis.xlen(syncKeys.stream),
    redis.xrange(syncKeys.stream, '-', '+', 'COUNT', 1),
  ]);
  const oldestMs = Number(oldest[0]?.[0].split('-')[0]);
  return { length, oldestAgeMs: Number.isFinite(oldestMs) ? Math.max(0, nowMs - oldestMs) : 0 };
}
