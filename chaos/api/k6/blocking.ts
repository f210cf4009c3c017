/**
 * The same for scripts with calls that block (`http.get`, `sleep`): nothing in it uses promises, so the built-in runtime can switch between the clients of
 * such a script and needs no thread for each.
 */
import { sleep } from 'k6';
import http from 'k6/http';
import { nowMs } from './clock.ts';
import type { ScriptSettings } from './settings.ts';

export {
  type Answer,
  type Arrival,
  arrival,
  followUp,
  type Moment,
  type OpenRecord,
  type ReadAnswer,
  readJson,
  record,
  type RecordedOperation,
  uniqueName,
} from './record.ts';
export { nowMs } from './clock.ts';
export { cardOf } from './deck.ts';
export { type IterationRandom, randomOfIteration } from './random.ts';
export { openSchedule, summaryFiles, thresholds } from './schedule.ts';
export { readSettings, type ScriptSettings } from './settings.ts';

/** The harness must have everything else ready within this time. */
const answerWithinSeconds = 60;

/** For the end of setup(): asks the harness when to start the load, and waits until then. */
export function waitForStart(settings: ScriptSettings): void {
  if (settings.startUrl === '') return;
  const answer = http.get(settings.startUrl, { timeout: `${answerWithinSeconds}s` });
  if (answer.status !== 200) throw new Error(`the harness did not say when to start: ${answer.error}`);
  const waitMs = (answer.json() as { loadStartMs: number }).loadStartMs - nowMs();
  if (waitMs > 0) sleep(waitMs / 1_000);
}
