/** Runs the embedded MongoDB as a process of its own: says when it is ready, ends cleanly on SIGTERM and SIGINT. */
import { parseArgs } from 'node:util';
import { systemClock } from '../../../clock.ts';
import { seededRandom } from '../../../random.ts';
import { startMongoServer } from './server.ts';

const usage = 'usage: main.ts --port P [--dbpath D] [--host H] [--replSet rs0] [--seed N]';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      dbpath: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string' },
      replSet: { type: 'string', default: 'rs0' },
      seed: { type: 'string' },
    },
  });
  const port = Number(values.port);
  if (values.port === undefined || !Number.isInteger(port) || port < 0 || port > 65_535) {
    process.stderr.write(`${usage}\n`);
    process.exitCode = 64;
    return;
  }
  const server = await startMongoServer({
    host: values.host,
    port,
    folder: values.dbpath,
    clock: systemClock,
    random: seededRandom(values.seed ?? `${process.pid}/${systemClock.nowMs()}`),
    replicaSet: values.replSet,
  });
  let isEnding = false;
  const end = (): void => {
    if (isEnding) return;
    isEnding = true;
    server[Symbol.asyncDispose]().then(
      () => process.exit(0),
      (thrown: unknown) => {
        process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
        process.exit(70);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.stdout.write(`${JSON.stringify({ event: 'ready', port: server.port, pid: process.pid })}\n`);
}

main().catch((thrown: unknown) => {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exit(70);
});
