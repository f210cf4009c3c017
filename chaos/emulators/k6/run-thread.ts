/** The thread of a run. The main thread tells it of signals and is told that it took them. */
import '../../disposable-stacks.ts';
import process from 'node:process';
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { keepCompiled } from './compile-cache.ts';

export interface ThreadData {
  readonly isStdErrTTY: boolean;
  readonly isStdOutTTY: boolean;
  readonly words: readonly string[];
}

// Type stripping announces itself as experimental on every run; real warnings still show.
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.stack ?? warning.message}\n`);
});

keepCompiled();
const { runCommand } = await import('./command.ts');

const data: ThreadData = workerData;
const exitCode = await runCommand({
  ...data,
  environment: process.env,
  exitNow: (code) => process.exit(code),
  readStdin: () => readFileSync(0, 'utf8'),
  onSignal: (callback) => {
    parentPort?.on('message', (signal: unknown) => {
      parentPort?.postMessage('taken');
      callback(String(signal));
    });
  },
  onUnhandledRejection: (callback) => {
    process.on('unhandledRejection', callback);
  },
});
process.exit(exitCode);
