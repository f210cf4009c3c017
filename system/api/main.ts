/** The API process: serves until SIGTERM or SIGINT, then finishes the requests under way. */
import { loadConfig } from '../config/load.ts';
import { describeError } from '../errors.ts';
import { openSystem, waitForDatabase } from '../system.ts';
import { buildServer } from './server.ts';

const configurationExitCode = 64;
const stop = new AbortController();
const onSignal = () => stop.abort(new Error('stopped by a signal'));
process.once('SIGTERM', onSignal);
process.once('SIGINT', onSignal);

try {
  const config = loadConfig(process.env);
  await using system = openSystem({ config, name: 'api' });
  await waitForDatabase(system, stop.signal);
  const app = await buildServer(system);
  const url = await app.listen({ host: config.HOST, port: config.PORT });
  system.logger.info({ url, port: Number(new URL(url).port), processId: system.processId }, 'ready');
  await stopped(stop.signal);
  await app.close();
  system.logger.info('stopped');
} catch (error) {
  if (!stop.signal.aborted) {
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode =
      error instanceof Error && error.name === 'ConfigurationError' ? configurationExitCode : 1;
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}
