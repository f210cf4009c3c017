/** How a script asks the harness when to start the load; sending the request and waiting is left to each style of script. */
import { nowMs } from './clock.ts';

/** The harness must have everything else ready within this time. */
export const startRequestParams = { timeout: '60s' };

interface StartAnswer {
  readonly status: number;
  readonly error: string;
  json(): unknown;
}

/** Milliseconds from now to the start; negative when it has passed. Throws an Error when the harness did not answer. */
export function untilStartMs(answer: StartAnswer): number {
  if (answer.status !== 200) throw new Error(`the harness did not say when to start: ${answer.error}`);
  return (answer.json() as { loadStartMs: number }).loadStartMs - nowMs();
}
