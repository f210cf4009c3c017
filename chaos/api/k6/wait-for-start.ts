/** The start of the load, for scripts with promises. */
import http from 'k6/http';
import { sleepMs } from './async-clock.ts';
import { nowMs } from './clock.ts';
import type { ScriptSettings } from './settings.ts';

/** The harness must have everything else ready within this time. */
const answerWithinSeconds = 60;

/**
 * For the end of setup(): asks the harness when to start the load, and waits until then. The timeline of the faults counts from that moment. `earliestMs`
 * is an epoch time before which the load must not start, for a script whose setup arranges what happens in the load.
 */
export async function waitForStart(settings: ScriptSettings, earliestMs = 0): Promise<void> {
  await sleepUntil(earliestMs);
  if (settings.startUrl === '') return;
  const timeout = `${answerWithinSeconds}s`;
  const answer = await http.asyncRequest('GET', settings.startUrl, null, { timeout });
  if (answer.status !== 200) throw new Error(`the harness did not say when to start: ${answer.error}`);
  await sleepUntil((answer.json() as { loadStartMs: number }).loadStartMs);
}

async function sleepUntil(atMs: number): Promise<void> {
  const waitMs = atMs - nowMs();
  if (waitMs > 0) await sleepMs(waitMs);
}
