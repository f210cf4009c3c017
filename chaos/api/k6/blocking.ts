/**
 * The same for scripts with calls that block (`http.get`, `sleep`): nothing in it uses promises, so the built-in runtime can switch between the clients of
 * such a script and needs no thread for each.
 */
import { sleep } from 'k6';
import http from 'k6/http';
import type { ScriptSettings } from './settings.ts';
import { startRequestParams, untilStartMs } from './start-request.ts';

export * from './script.ts';

/** For the end of setup(): asks the harness when to start the load, and waits until then. */
export function waitForStart(settings: ScriptSettings): void {
  if (settings.startUrl === '') return;
  const waitMs = untilStartMs(http.get(settings.startUrl, startRequestParams));
  if (waitMs > 0) sleep(waitMs / 1_000);
}
