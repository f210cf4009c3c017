/** Runs the embedded MongoDB as a process of its own: says when it is ready, ends cleanly on SIGTERM and SIGINT. */
import '../../disposable-stacks.ts';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '../../clock.ts';
import { seededRandom } from '../../random.ts';
import { describeStartFailure } from '../start-failure.ts';
import { startMongoServer } from './server.ts';
import { tlsModes } from './wire/pending-sockets.ts';
import type { TlsSettings } from './wire/pending-sockets.ts';

const usage = `usage: mongod --port P [--dbpath D] [--host H] [--replSet rs0] [--seed N]

  --port P       port to listen on; 0 takes a free one
  --dbpath D     folder of the journal; without one nothing outlives the process
  --host H       address to listen on (default: 127.0.0.1)
  --replSet rs0  name of the replica set whose only member it is
  --auth         clients have to log in; the first user is created from this machine, in the database admin
  --tlsMode M    allowTLS, preferTLS or requireTLS (default: disabled)
  --tlsCertificateKeyFile F  certificate and private key of the server, PEM
  --tlsCAFile F  certificates by which those of clients are checked, PEM
  --tlsAllowConnectionsWithoutCertificates  clients need none, although --tlsCAFile is given
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
  const tls = tlsSettings(values);
  if (typeof tls === 'string') {
    process.stderr.write(`${tls}\n${usage}\n`);
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
    requiresAuthentication: values.auth,
    ...(tls === undefined ? {} : { tls }),
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

/** What is wrong with the options, where something is. */
function tlsSettings(values: ReturnType<typeof readArguments>['values']): TlsSettings | string | undefined {
  const mode = tlsModes.find((name) => name === values.tlsMode);
  if (mode === undefined) return `--tlsMode must be one of ${tlsModes.join(', ')}`;
  if (mode === 'disabled') return undefined;
  const { tlsCAFile, tlsCertificateKeyFile } = values;
  if (tlsCertificateKeyFile === undefined) return `--tlsMode ${mode} needs --tlsCertificateKeyFile`;
  return {
    mode,
    certificateKey: readFileSync(tlsCertificateKeyFile, 'utf8'),
    certificateAuthority: tlsCAFile === undefined ? undefined : readFileSync(tlsCAFile, 'utf8'),
    allowsConnectionsWithoutCertificates: values.tlsAllowConnectionsWithoutCertificates,
  };
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        auth: { type: 'boolean', default: false },
        dbpath: { type: 'string' },
        help: { type: 'boolean', default: false },
        host: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string' },
        replSet: { type: 'string', default: 'rs0' },
        seed: { type: 'string' },
        tlsAllowConnectionsWithoutCertificates: { type: 'boolean', default: false },
        tlsCAFile: { type: 'string' },
        tlsCertificateKeyFile: { type: 'string' },
        tlsMode: { type: 'string', default: 'disabled' },
      },
    });
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n${usage}\n`);
    process.exit(64);
  }
}

main().catch((thrown: unknown) => {
  process.stderr.write(`${describeStartFailure(thrown)}\n`);
  process.exit(70);
});
