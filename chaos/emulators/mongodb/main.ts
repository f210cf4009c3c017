/** Runs the embedded MongoDB as a process of its own: says when it is ready, ends cleanly on SIGTERM and SIGINT. */
import { parseArgs } from 'node:util';
import { systemClock } from '../../clock.ts';
import { seededRandom } from '../../random.ts';
import { startMongoServer } from './server.ts';

const usage = `usage: mongod --port P [--dbpath D] [--host H] [--replSet rs0] [--seed N]

  --port P       port to listen on; 0 takes a free one
  --dbpath D     folder of the journal; without one nothing outlives the process
  --host H       address to listen on (default: 127.0.0.1)
  --replSet rs0  name of the replica set whose only member it is
  --seed N       what every random choice is drawn from`;

async function main(): Promise<void> {
  const { values } = readArguments();
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const port = Number(values.port);
  if (values.port === undefined || !Number.isInteger(port) || port < 0 || port > 65_535) {
    process.stderr.write(`--port must be a whole number up to 65535\n${usage}\n`);
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

function readArguments() {
  try {
    return parseArgs({
      options: {
        dbpath: { type: 'string' },
        help: { type: 'boolean', default: false },
        host: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string' },
        replSet: { type: 'string', default: 'rs0' },
        seed: { type: 'string' },
      },
    });
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n${usage}\n`);
    process.exit(64);
  }
}

main().catch((thrown: unknown) => {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exit(70);
});
