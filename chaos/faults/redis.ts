/** Faults of Redis itself: out of memory, demoted to a replica, killed and restarted with or without its data. */
import { z } from 'zod';
import { defineFault, type Fault, onlyOnce } from '../api/fault.ts';
import { killAndRestart } from './kill-and-restart.ts';

/** Less than an empty Redis uses. */
const fullAtBytes = 1;

const full = defineFault({
  name: 'redis-full',
  title: 'Redis out of memory: writes fail with OOM',
  needs: ['redis-configure'],
  breaks: ['redis'],
  proofNeeds: [],
  parameters: z.strictObject({}),
  draw: () => ({}),
  apply: async ({ observer }) => {
    const { redis } = observer;
    const settingOf = async (name: string): Promise<string> =>
      z.tuple([z.string(), z.string()]).parse(await redis.config('GET', name))[1];
    const before = await observer.redisState();
    const limit = await settingOf('maxmemory');
    const policy = await settingOf('maxmemory-policy');
    const heal = onlyOnce(async () => {
      await redis.config('SET', 'maxmemory', limit);
      await redis.config('SET', 'maxmemory-policy', policy);
    });
    try {
      await redis.config('SET', 'maxmemory-policy', 'noeviction');
      await redis.config('SET', 'maxmemory', String(fullAtBytes));
    } catch (error) {
      await heal();
      throw error;
    }
    return {
      effect: async () => {
        const during = await observer.redisState();
        const refused = (during.errors.get('OOM') ?? 0) - (before.errors.get('OOM') ?? 0);
        return {
          observed: refused > 0,
          evidence: `Redis answered ${refused} commands with OOM`,
          measures: { commandsRefused: refused, connections: during.clients },
        };
      },
      heal,
    };
  },
});

/** The TCP port multiplexer, on which nothing listens: the connection is refused at once. */
const noServer = { host: '127.0.0.1', port: 1 } as const;

/**
 * Redis is told to follow a master that does not exist: it keeps and serves its data, and answers every write with READONLY, as a
 * master does that a failover has made a replica while clients still talk to it.
 */
const readonly = defineFault({
  name: 'redis-readonly',
  title: 'Redis read-only, like a master demoted by a failover',
  needs: ['redis-configure'],
  breaks: ['redis'],
  proofNeeds: [],
  parameters: z.strictObject({}),
  draw: () => ({}),
  apply: async ({ observer }) => {
    const { redis } = observer;
    const before = await observer.redisState();
    await redis.replicaof(noServer.host, noServer.port);
    return {
      effect: async () => {
        const during = await observer.redisState();
        const refused = (during.errors.get('READONLY') ?? 0) - (before.errors.get('READONLY') ?? 0);
        return {
          observed: refused > 0,
          evidence: `Redis answered ${refused} writes with READONLY`,
          measures: { writesRefused: refused, connections: during.clients, keys: during.keys },
        };
      },
      heal: onlyOnce(async () => void (await redis.replicaof('NO', 'ONE'))),
    };
  },
});

const restartParameters = z.strictObject({ downMs: z.int().nonnegative() });

const restart = defineFault({
  name: 'redis-restart',
  title: 'Redis killed and restarted with its data',
  needs: ['redis-kill', 'redis-restart'],
  breaks: ['redis'],
  proofNeeds: [],
  parameters: restartParameters,
  draw: (random) => ({ downMs: random.integer(50, 600) }),
  apply: async (context, { downMs }) => {
    const { observer } = context;
    const before = await observer.redisState();
    await killAndRestart(context, 'redis', { downMs, empty: false });
    const restarted = await observer.redisState();
    return {
      effect: async () => {
        const after = await observer.redisState();
        return {
          observed: before.clients > 0 && after.runId !== before.runId,
          evidence: `Redis lost ${before.clients} connections and is another process since; it had ${before.keys} keys before and ${restarted.keys} when it was back`,
          measures: {
            connectionsBefore: before.clients,
            keysBefore: before.keys,
            keysAfter: restarted.keys,
          },
        };
      },
      heal: () => Promise.resolve(),
    };
  },
});

const restartEmpty = defineFault({
  name: 'redis-restart-empty',
  title: 'Redis killed and restarted without its data',
  needs: ['redis-kill', 'redis-restart-empty'],
  breaks: ['redis'],
  proofNeeds: [],
  parameters: restartParameters,
  draw: (random) => ({ downMs: random.integer(50, 600) }),
  apply: async (context, { downMs }) => {
    const { observer } = context;
    const before = await observer.redisState();
    await killAndRestart(context, 'redis', { downMs, empty: true });
    return {
      effect: async () => {
        const after = await observer.redisState();
        return {
          observed: before.keys > 0 && before.clients > 0 && after.runId !== before.runId,
          evidence: `Redis lost ${before.keys} keys and ${before.clients} connections, and is another process since`,
          measures: { keysLost: before.keys, connectionsBefore: before.clients, keysAtEnd: after.keys },
        };
      },
      heal: () => Promise.resolve(),
    };
  },
});

export const redisFaults: readonly Fault[] = [full, readonly, restart, restartEmpty];
