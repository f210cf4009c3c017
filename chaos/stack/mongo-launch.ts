/** How a MongoDB server, real or embedded, is run: as the only member of a replica set, on loopback. */
import { MongoClient, MongoServerError } from 'mongodb';
import type { Clock } from '../clock.ts';
import { StackFailed } from './errors.ts';
import type { PartLaunch } from './part-server.ts';
import type { Program } from './programs.ts';
import { isReadyLine } from './ready-line.ts';

const replicaSet = 'redcliff';
const primaryDeadlineMs = 20_000;
const pollMs = 20;

export function mongoLaunch(program: Program, clock: Clock): PartLaunch {
  return {
    part: 'mongo',
    command: (port, dataFolder) => ({
      command: program.command,
      args: [
        ...program.args,
        ...(program.kind === 'real' ? realArguments : embeddedArguments)(port, dataFolder),
      ],
      env: program.environment,
      ready:
        program.kind === 'real'
          ? { kind: 'line', matches: (line) => line.includes('Waiting for connections') }
          : { kind: 'line', matches: isReadyLine },
    }),
    prepare: async (port, signal) => {
      await using client = await openMongo(`mongodb://127.0.0.1:${port}/?directConnection=true`);
      if (program.kind === 'real') await initiate(client, port);
      await waitForPrimary(client, clock, signal);
    },
  };
}

function realArguments(port: number, dataFolder: string): string[] {
  const where = ['--port', String(port), '--bind_ip', '127.0.0.1', '--dbpath', dataFolder];
  return [...where, '--replSet', replicaSet, '--nounixsocket'];
}

function embeddedArguments(port: number, dataFolder: string): string[] {
  return ['--port', String(port), '--host', '127.0.0.1', '--dbpath', dataFolder];
}

/** A client that fails fast: for the harness's own commands. */
export async function openMongo(uri: string, deadlineMs = 5_000): Promise<MongoClient> {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: deadlineMs,
    connectTimeoutMS: deadlineMs,
    socketTimeoutMS: deadlineMs,
    maxPoolSize: 2,
    appName: 'redcliff-stack',
  });
  try {
    return await client.connect();
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** A server that was initiated before, and was killed, belongs to its set already; it may not say so in its first moments. */
async function initiate(client: MongoClient, port: number): Promise<void> {
  const admin = client.db('admin');
  if ((await admin.command({ hello: 1 }))['setName'] !== undefined) return;
  const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
  try {
    await admin.command({ replSetInitiate: { _id: replicaSet, members } });
  } catch (error) {
    if (!(error instanceof MongoServerError && error.codeName === 'AlreadyInitialized')) throw error;
  }
}

/** Resolves when the server takes writes; throws `StackFailed` when it does not in time. */
async function waitForPrimary(client: MongoClient, clock: Clock, signal: AbortSignal): Promise<void> {
  const giveUpAtMs = clock.monotonicMs() + primaryDeadlineMs;
  for (;;) {
    const { isWritablePrimary } = await client.db('admin').command({ hello: 1 });
    if (isWritablePrimary === true) return;
    if (clock.monotonicMs() > giveUpAtMs) throw new StackFailed('MongoDB did not become primary in time');
    await clock.sleep(pollMs, signal);
  }
}
