/** A fixed number of iterations for each VU. */
import { formatDuration } from '../options/duration.ts';
import type { Executor } from './executor.ts';
import { endGracefully } from './waiting.ts';

export const perVuIterations: Executor<'per-vu-iterations'> = {
  describe: ({ iterations, maxDuration, vus }) =>
    `${iterations} iterations for each of ${vus} VUs (maxDuration: ${formatDuration(maxDuration)})`,
  durationMs: ({ maxDuration }) => maxDuration,
  maxVus: ({ vus }) => vus,
  name: 'per-vu-iterations',
  plannedVus: ({ vus }) => vus,
  run: async (scenario, { gracefulStop, iterations, maxDuration, vus }) => {
    const loops = Array.from({ length: vus }, async () => {
      const vu = scenario.acquire();
      if (vu === undefined) return;
      for (let begun = 0; begun < iterations; begun += 1) {
        if (scenario.stopped) scenario.dropIteration();
        else await vu.iterate();
        await scenario.breathe();
      }
      scenario.release(vu);
    });
    await endGracefully(scenario, Promise.all(loops), maxDuration, gracefulStop);
  },
};
