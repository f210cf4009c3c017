/** MongoDB is killed (SIGKILL) and comes back with all that it had acknowledged. */
import { z } from 'zod';
import { defineFault } from './fault.ts';
import { killAndRestart } from './kill-and-restart.ts';

export const mongoRestart = defineFault({
  name: 'mongo-restart',
  title: 'MongoDB killed and back',
  needs: ['mongo-kill', 'mongo-restart'],
  breaks: ['mongo'],
  proofNeeds: [],
  parameters: z.strictObject({ downMs: z.int().nonnegative() }),
  draw: (random) => ({ downMs: random.integer(50, 600) }),
  apply: async (context, { downMs }) => {
    const { observer, clock } = context;
    const before = await observer.mongoState();
    const killedMs = clock.monotonicMs();
    await killAndRestart(context, 'mongo', { downMs, empty: false });
    const awayMs = clock.monotonicMs() - killedMs;
    return {
      effect: async () => {
        const after = await observer.mongoState();
        return {
          observed: before.clients > 0 && after.serverProcess !== before.serverProcess,
          evidence: `MongoDB lost ${before.clients} connections, was away for ${awayMs.toFixed(0)} ms and runs as another process since`,
          measures: { connectionsBefore: before.clients, awayMs },
        };
      },
      heal: () => Promise.resolve(),
    };
  },
});
