/** Redis is killed and comes back without any data: locks, cache, queue and leases are gone. */
import { z } from 'zod';
import { defineFault } from './fault.ts';
import { killAndRestart } from './kill-and-restart.ts';

export const redisRestartEmpty = defineFault({
  name: 'redis-restart-empty',
  title: 'Redis killed and back without its data',
  needs: ['redis-kill', 'redis-restart-empty'],
  breaks: ['redis'],
  proofNeeds: [],
  parameters: z.strictObject({ downMs: z.int().nonnegative() }),
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
          evidence: `Redis lost ${before.keys} keys and ${before.clients} connections, and runs as another process since`,
          measures: { keysLost: before.keys, connectionsBefore: before.clients, keysAtEnd: after.keys },
        };
      },
      heal: () => Promise.resolve(),
    };
  },
});
