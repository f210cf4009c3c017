/**
 * The built-in k6: `node main.ts run SCRIPT [k6's flags]`. Ends with k6's exit codes.
 *
 * The run has a thread of its own. This one only passes signals on, so that a script which never lets go of its thread
 * can be ended all the same.
 */
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { systemClock } from './clock.ts';
import { keepCompiled } from './compile-cache.ts';
import { exitCodes, messageOf } from './errors.ts';
import type { ThreadData } from './run-thread.ts';
import { ownModule } from '../../setup/own-files.mjs';

/** A run that has not taken a signal by then is stuck in its script. */
const stuckAfterMs = 2000;

keepCompiled();

const workerData: ThreadData = {
  isStdErrTTY: process.stderr.isTTY === true,
  isStdOutTTY: process.stdout.isTTY === true,
  words: process.argv.slice(2),
};
const thread = new Worker(ownModule('./run-thread', import.meta.url), { workerData });

let stuck: Disposable | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    thread.postMessage(signal);
    stuck ??= systemClock.timer(stuckAfterMs, () => giveUp(signal));
  });
}
thread.on('message', () => {
  stuck?.[Symbol.dispose]();
});
thread.on('error', (error) => {
  process.stderr.write(
    `panic: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}\n`,
  );
  process.exitCode = exitCodes.panic;
});
thread.on('exit', (code) => {
  process.exit(process.exitCode ?? code);
});

function giveUp(signal: string): void {
  process.stderr.write(
    `Aborting k6 in response to signal ${signal}: the script does not let go of its thread\n`,
  );
  process.exit(exitCodes['external-abort']);
}
