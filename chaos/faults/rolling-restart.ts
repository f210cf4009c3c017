/** Every process of the system is stopped (SIGTERM) and started again, one after the other, as a deployment does it. */
import { z } from 'zod';
import { defineFault } from './fault.ts';
import { runningOf } from './victim.ts';

const order = ['api', 'db-sync', 'turn-processor'] as const;

export const rollingRestart = defineFault({
  name: 'rolling-restart',
  title: 'Every process stopped and started again, one after the other',
  needs: [],
  breaks: ['api', 'db-sync', 'turn-processor'],
  // A process that cannot reach Redis or MongoDB does not become ready.
  proofNeeds: ['mongo', 'redis'],
  parameters: z.strictObject({ pauseMs: z.int().nonnegative() }),
  draw: (random) => ({ pauseMs: random.integer(0, 150) }),
  apply: async ({ processes, clock, signal }, { pauseMs }) => {
    const startedMs = clock.monotonicMs();
    const running = order.flatMap((kind) => runningOf(processes, kind));
    let restarted = 0;
    for (const process of running) {
      await process.stop();
      // Started again also when the run is being interrupted: healing leaves everything as it was.
      await process.start();
      restarted += 1;
      await clock.sleep(pauseMs, signal);
    }
    const tookMs = clock.monotonicMs() - startedMs;
    return {
      effect: () =>
        Promise.resolve({
          observed: restarted > 0 && restarted === running.length,
          evidence: `${restarted} of ${running.length} processes were stopped and started again within ${tookMs.toFixed(0)} ms`,
          measures: { processes: running.length, restarted, tookMs },
        }),
      heal: () => Promise.resolve(),
    };
  },
});
