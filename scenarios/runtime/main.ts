/** The built-in k6: `node main.ts run SCRIPT [k6's flags]`. Ends with k6's exit codes. */
import process from 'node:process';
import { runCommand } from './command.ts';

// Type stripping announces itself as experimental on every run; real warnings still show.
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.stack ?? warning.message}\n`);
});

const exitCode = await runCommand({
  environment: process.env,
  onSignal: (callback) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => callback(signal));
  },
  onUnhandledRejection: (callback) => {
    process.on('unhandledRejection', callback);
  },
  isStdErrTTY: process.stderr.isTTY === true,
  isStdOutTTY: process.stdout.isTTY === true,
  words: process.argv.slice(2),
  exitNow: (code) => process.exit(code),
});
process.exit(exitCode);
