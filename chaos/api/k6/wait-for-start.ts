/** The start of the load, for scripts with promises. */
import http from 'k6/http';
import { sleepMs } from './async-clock.ts';
import { nowMs } from './clock.ts';
import type { ScriptSettings } from './settings.ts';
import { startRequestParams, untilStartMs } from './start-request.ts';

/**
 * For the end of setup(): asks the harness when to start the load, and waits until then. The timeline of the faults counts from that moment. `earliestMs`
 * is an epoch time before which the load must not start, for a script whose setup arranges what happens in the load.
 */
export async function waitForStart(settings: ScriptSettings, earliestMs = 0): Promise<void> {
  await pause(earliestMs - nowMs());
  if (settings.startUrl === '') return;
  await pause(untilStartMs(await http.asyncRequest('GET', settings.startUrl, null, startRequestParams)));
}

async function pause(waitMs: number): Promise<void> {
  if (waitMs > 0) await sleepMs(waitMs);
}
