/** What scripts of either style use: nothing in it waits, so that a script with calls that block meets no promise by importing it. */
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
