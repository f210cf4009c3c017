/** What k6 scripts may use: the settings of the run, an open schedule, and operations that are recorded in the history. */
export { perform, type Request } from './client.ts';
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
export { sleepMs } from './async-clock.ts';
export { nowMs } from './clock.ts';
export { cardOf } from './deck.ts';
export { type IterationRandom, randomOfIteration } from './random.ts';
export { openSchedule, summaryFiles, thresholds } from './schedule.ts';
export { readSettings, type ScriptSettings } from './settings.ts';
export { waitForStart } from './wait-for-start.ts';
