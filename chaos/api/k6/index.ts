/** What k6 scripts may use: the settings of the run, an open schedule, and operations that are recorded in the history. */
export {
  type Answer,
  type Arrival,
  arrival,
  followUp,
  type Moment,
  perform,
  type ReadAnswer,
  readJson,
  type Request,
  uniqueName,
} from './client.ts';
export { nowMs, sleepMs } from './clock.ts';
export { cardOf } from './deck.ts';
export { type IterationRandom, randomOfIteration } from './random.ts';
export { openSchedule, summaryFiles, thresholds, waitForStart } from './schedule.ts';
export { readSettings, type ScriptSettings } from './settings.ts';
