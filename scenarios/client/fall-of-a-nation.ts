/** The certain end of a nation in each session at a set time of the load, tried until it is acknowledged. */
import exec from 'k6/execution';
import { nowMs, randomOfIteration, sleepMs } from '../../chaos/api/k6/index.ts';
import { perform, type Moment } from './client.ts';
import type { GameSettings } from './settings.ts';
import { destroyNation } from './war-requests.ts';

const retryMs = 300;

/** One client, once. */
export function fallSchedule(settings: GameSettings, execName: string) {
  return {
    executor: 'per-vu-iterations' as const,
    exec: execName,
    vus: 1,
    iterations: 1,
    maxDuration: `${settings.durationMs}ms`,
  };
}

/** After this share of the load; tried until its end. */
export async function letFall(settings: GameSettings, nation: number, shareOfLoad: number): Promise<void> {
  const loadStartMs = exec.scenario.startTime;
  const endMs = loadStartMs + settings.durationMs;
  await sleepMs(Math.max(0, loadStartMs + settings.durationMs * shareOfLoad - nowMs()));
  for (const sessionId of settings.sessionIds) {
    for (let attempt = 0; nowMs() < endMs; attempt += 1) {
      const random = randomOfIteration(settings.seed, `fall/${sessionId}`, attempt);
      const at: Moment = { loadStartMs, intendedMs: nowMs(), random };
      const answer = await perform(settings, at, destroyNation(sessionId, nation, false));
      if (answer.error === undefined) break;
      await sleepMs(retryMs);
    }
  }
}
