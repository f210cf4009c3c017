/** A fixed number of iterations, taken by whichever VU is free. */
import { formatDuration } from '../options/duration.ts';
import type { Executor } from './executor.ts';
import { endGracefully } from './waiting.ts';

export const sharedIterations: Executor<'shared-iterations'> = {
  describe: ({ iterations, maxDuration, vus }) =>
    `${iterations} iterations shared among ${vus} VUs (maxDuration: ${formatDuration(maxDuration)})`,
  durationMs: ({ maxDuration }) => maxDuration,
  maxVus: ({ vus }) => vus,
  name: 'shared-iterations',
  plannedVus: ({ vus }) => vus,
  run: async (scenario, { gracefulStop, iterations, maxDuration, vus }) => {
    let begun = 0;
    const loops = Array.from({ length: vus }, async (_, index) => {
      // As in k6 a VU may be through with short iterations before the next has begun.
      for (let turns = 0; turns < index && begun < iterations; turns += 1) await scenario.clock.yieldTurn();
      const vu = scenario.acquire();
      if (vu === undefined) return;
      while (begun < iterations && !scenario.stopped) {
        begun += 1;
        await vu.iterate();
        await scenario.breathe();
      }
      scenario.release(vu);
    });
    await endGracefully(scenario, Promise.all(loops), maxDuration, gracefulStop);
    for (let missed = begun; missed < iterations; missed += 1) scenario.dropIteration();
  },
};
