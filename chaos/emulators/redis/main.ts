/** Runs the emulator as a process of its own, in the place of redis-server: its arguments, its log, its signals. */
import '../../disposable-stacks.ts';
import { statSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../clock.ts';
import { seededRandom } from '../../random.ts';
import { describeStartFailure } from '../start-failure.ts';
import type { Configuration } from './config/configuration.ts';

import type { LogLevel } from './engine/server-state.ts';
import { FileDisk } from './persistence/file-disk.ts';
import { readArguments, usage } from './program/arguments.ts';
import { logLine } from './program/log-line.ts';
import { redisVersion } from './scripting/redis-library.ts';
import { startRedisServer } from './server.ts';

const levels: readonly LogLevel[] = ['debug', 'verbose', 'notice', 'warning'];

async function main(): Promise<void> {
  const given = readArguments(process.argv.slice(2));
  switch (given.kind) {
    case 'version':
      process.stdout.write(`Redis server v=${redisVersion} (emulator) bits=64\n`);
      return;
    case 'help':
      process.stdout.write(`${usage}\n`);
      return;
    case 'wrong':
      process.stderr.write(`${given.reason}\n${usage}\n`);
      process.exitCode = 1;
      return;
    case 'serve':
      await serve(given.configuration, given.seed);
  }
}

async function serve(configuration: Configuration, seed: string | undefined): Promise<void> {
  const folder = path.resolve(configuration.text('dir'));
  configuration.change([['dir', folder]], 'start');
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new Error(`dir: ${folder} is no folder`);
  }
  using disk = new FileDisk(folder);
  const log = (level: LogLevel, text: string): void => {
    if (levels.indexOf(level) < levels.findIndex((each) => each === configuration.text('loglevel'))) return;
    process.stdout.write(logLine(process.pid, systemClock.nowMs(), level, text));
  };
  const ended = Promise.withResolvers<undefined>();
  await using server = await startRedisServer({
    configuration,
    disk,
    clock: systemClock,
    random: seededRandom(seed ?? `${process.pid}/${systemClock.nowMs()}`),
    processId: process.pid,
    log,
    onShutdown: () => ended.resolve(undefined),
  });
  for (const [signal, option] of [
    ['SIGTERM', 'shutdown-on-sigterm'],
    ['SIGINT', 'shutdown-on-sigint'],
  ] as const) {
    process.on(signal, () => {
      log('notice', `Received ${signal} scheduling shutdown...`);
      if (server.engine.shutDown(configuration.text(option).split(' '))) ended.resolve(undefined);
    });
  }
  log('notice', 'Ready to accept connections');
  await ended.promise;
  log('warning', 'Redis is now ready to exit, bye bye...');
}

main().catch((thrown: unknown) => {
  process.stderr.write(`${describeStartFailure(thrown)}\n`);
  process.exitCode = 1;
});
