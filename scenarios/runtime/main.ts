/** The built-in k6: `node main.ts run SCRIPT [k6's flags]`. Ends with k6's exit codes. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';

// Stripping and compiling the runtime's own files takes longer than a short test; once is enough.
enableCompileCache(join(import.meta.dirname, '..', '..', '.cache', 'k6-runtime'));

// Type stripping announces itself as experimental on every run; real warnings still show.
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.stack ?? warning.message}\n`);
});

const { runCommand } = await import('./command.ts');
const exitCode = await runCommand({
  environment: process.env,
  exitNow: (code) => process.exit(code),
  isStdErrTTY: process.stderr.isTTY === true,
  isStdOutTTY: process.stdout.isTTY === true,
  onSignal: (callback) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => callback(signal));
  },
  onUnhandledRejection: (callback) => {
    process.on('unhandledRejection', callback);
  },
  words: process.argv.slice(2),
});
process.exit(exitCode);
