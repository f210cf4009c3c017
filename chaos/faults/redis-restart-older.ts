/**
 * Redis comes back with an older state of its data than it had, as after a restart from a snapshot or a failover to a replica that lagged: entries that
 * were overwritten or deleted since are there again, and nothing in them tells.
 */
import { z } from 'zod';
import { defineFault, type FaultContext, onlyOnce } from '../api/fault.ts';
import { killAndRestart } from './kill-and-restart.ts';
import { switchProxies } from './proxies.ts';

interface Entry {
  readonly key: string;
  /** As DUMP gives it. */
  readonly payload: Buffer;
  /** When it ends, in milliseconds of the harness's clock; null for never. */
  readonly endsAtMs: number | null;
}

const scanCount = 500;

export const restartOlder = defineFault({
  name: 'redis-restart-older',
  title: 'Redis killed and restarted with an older state of its data',
  needs: ['redis-kill', 'redis-restart-empty'],
  breaks: ['redis'],
  proofNeeds: [],
  parameters: z.strictObject({
    /** Age of the state that comes back. */
    ageMs: z.int().positive(),
    downMs: z.int().nonnegative(),
  }),
  draw: (random) => ({ ageMs: random.integer(800, 1_600), downMs: random.integer(50, 400) }),
  apply: async (context, { ageMs, downMs }) => {
    const { observer, clock, signal } = context;
    const names = context.proxies.to('redis');
    const before = await observer.redisState();
    const older = await readEntries(context);
    await clock.sleep(ageMs, signal);
    const connect = onlyOnce(() => switchProxies(context, names, true));
    try {
      // The target sees one restart, and never a server that is still empty.
      await switchProxies(context, names, false);
      const changed = differences(older, await readEntries(context));
      await killAndRestart(context, 'redis', { downMs, empty: true });
      const restored = await writeEntries(context, older);
      await connect();
      return {
        effect: async () => {
          const after = await observer.redisState();
          return {
            observed: before.clients > 0 && changed > 0 && after.runId !== before.runId,
            evidence: `Redis lost ${before.clients} connections and is another process since, with the ${restored} keys of ${ageMs} ms before; ${changed} keys had been written, changed or deleted since`,
            measures: { keysRestored: restored, keysChanged: changed, connectionsBefore: before.clients },
          };
        },
        heal: () => Promise.resolve(),
      };
    } catch (error) {
      await connect();
      throw error;
    }
  },
});

async function readEntries({ observer, clock }: FaultContext): Promise<readonly Entry[]> {
  const { redis } = observer;
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const [next, found] = await redis.scan(cursor, 'COUNT', scanCount);
    for (const key of found) keys.add(key);
    cursor = next;
  } while (cursor !== '0');
  const entries = await Promise.all(
    [...keys].map(async (key): Promise<Entry | null> => {
      const [payload, leftMs] = await Promise.all([redis.dumpBuffer(key), redis.pttl(key)]);
      // It may have ended since the scan.
      if (payload === null || leftMs === -2) return null;
      return { key, payload, endsAtMs: leftMs < 0 ? null : clock.nowMs() + leftMs };
    }),
  );
  return entries.filter((entry) => entry !== null);
}

/** Resolves to how many were restored: what has ended meanwhile has ended. */
async function writeEntries({ observer, clock }: FaultContext, entries: readonly Entry[]): Promise<number> {
  const nowMs = clock.nowMs();
  const living = entries.filter(({ endsAtMs }) => endsAtMs === null || endsAtMs > nowMs);
  await Promise.all(
    living.map(({ key, payload, endsAtMs }) =>
      observer.redis.restore(key, endsAtMs === null ? 0 : Math.ceil(endsAtMs - nowMs), payload, 'REPLACE'),
    ),
  );
  return living.length;
}

function differences(older: readonly Entry[], latest: readonly Entry[]): number {
  const before = new Map(older.map(({ key, payload }) => [key, payload]));
  const changed = latest.filter(({ key, payload }) => before.get(key)?.equals(payload) !== true).length;
  const keys = new Set(latest.map(({ key }) => key));
  return changed + older.filter(({ key }) => !keys.has(key)).length;
}
