/** Redis is killed and comes back with its data: every connection is lost, and what it was doing. */
import { z } from 'zod';
import { defineFault } from './fault.ts';
import { killAndRestart } from './kill-and-restart.ts';

export const redisRestart = defineFault({
  name: 'redis-restart',
  title: 'Redis killed and back with its data',
  needs: ['redis-kill', 'redis-restart'],
  breaks: ['redis'],
  proofNeeds: [],
  parameters: z.strictObject({ downMs: z.int().nonnegative() }),
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
          evidence: `Redis lost ${before.clients} connections and runs as another process since; it had ${before.keys} keys before and ${restarted.keys} when it was back`,
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
