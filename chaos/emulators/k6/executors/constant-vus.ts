/** A fixed number of VUs, each beginning the next iteration when the last has ended, for a fixed time. */
import { formatDuration } from '../options/duration.ts';
import type { ActiveVu, Executor, ScenarioRun } from './executor.ts';
import { endGracefully } from './waiting.ts';

export const constantVus: Executor<'constant-vus'> = {
  describe: ({ duration, vus }) => `${vus} looping VUs for ${formatDuration(duration)}`,
  durationMs: ({ duration }) => duration,
  maxVus: ({ vus }) => vus,
  name: 'constant-vus',
  plannedVus: ({ vus }) => vus,
  run: async (scenario, { duration, gracefulStop, vus }) => {
    const loops = Array.from({ length: vus }, () => scenario.acquire())
      .filter((vu) => vu !== undefined)
      .map((vu) => loop(scenario, vu));
    await endGracefully(scenario, Promise.all(loops), duration, gracefulStop);
  },
};

async function loop(scenario: ScenarioRun, vu: ActiveVu): Promise<void> {
  while (!scenario.stopped) {
    await vu.iterate();
    await scenario.breathe();
  }
  scenario.release(vu);
}
