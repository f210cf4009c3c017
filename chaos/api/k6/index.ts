/** What k6 scripts may use: the settings of the run, an open schedule, and operations that are recorded in the history. */
export * from './script.ts';
export { perform, type Request } from './client.ts';
export { sleepMs } from './async-clock.ts';
export { waitForStart } from './wait-for-start.ts';
