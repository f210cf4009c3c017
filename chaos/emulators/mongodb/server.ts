/** The embedded MongoDB: a server on a TCP port that answers as a replica set of one member does. */
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import { ChangeLog } from './changes/change-log.ts';
import { commandsByName } from './commands/registry.ts';
import { newCounters } from './counters.ts';
import { CursorStore } from './cursors/cursor-store.ts';
import { MongoError } from './errors.ts';
import { FailPoints } from './failpoint/fail-points.ts';
import { compileFilter } from './query/matcher.ts';
import { ClusterClock } from './replication/cluster-clock.ts';
import { ReplicaSetMember } from './replication/member.ts';
import { defaultParameters } from './parameters.ts';
import type { ServerState } from './server-state.ts';
import { SessionStore } from './sessions/session-store.ts';
import { SnapshotStore } from './sessions/snapshot-store.ts';
import { abortTransaction } from './sessions/transactions.ts';
import { openStorageEngine } from './storage/engine.ts';
import { startUpkeep } from './upkeep.ts';
import { UserStore } from './auth/user-store.ts';
import { PendingSockets } from './wire/pending-sockets.ts';
import type { TlsSettings } from './wire/pending-sockets.ts';
import { Connection } from './wire/connection.ts';

export interface MongoServerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Where journal and snapshots lie; undefined keeps all data in memory only. */
  readonly folder: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly replicaSet?: string;
  /** Clients have to log in; false unless told. */
  readonly requiresAuthentication?: boolean;
  /** Connections without TLS alone unless told. */
  readonly tls?: TlsSettings;
  /** Told of programming errors; without it they are thrown as unhandled. */
  readonly onDefect?: (thrown: unknown) => void;
}

export interface MongoServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Connection string with the replica set's name. */
  readonly uri: string;
  readonly state: ServerState;
}

export async function startMongoServer(options: MongoServerOptions): Promise<MongoServer> {
  const { clock, folder, host, random } = options;
  const setName = options.replicaSet ?? 'rs0';
  const engine = await openStorageEngine({
    folder,
    clock,
    random: random.fork('storage'),
    compileFilter: (filter, collation) => compileFilter(filter, { collation }),
  });
  const listener = createServer({ noDelay: true });
  let port: number;
  try {
    port = await listen(listener, host, options.port);
  } catch (thrown) {
    await engine[Symbol.asyncDispose]();
    throw thrown;
  }
  const parameters = defaultParameters();
  const clusterClock = new ClusterClock(clock);
  let operationId = 0;
  let connectionId = 0;
  const startedAtMs = clock.nowMs();
  const state: ServerState = {
    host,
    port,
    commands: commandsByName,
    clock,
    random,
    engine,
    sessions: new SessionStore(engine, clock),
    snapshots: new SnapshotStore(engine, clock, clusterClock),
    cursors: new CursorStore(clock, random.fork('cursors'), () =>
      Number(parameters.get('cursorTimeoutMillis')),
    ),
    failPoints: new FailPoints(random.fork('fail points')),
    member: new ReplicaSetMember(setName, clock, Math.floor(startedAtMs / 1000)),
    clusterClock,
    changes: new ChangeLog(clusterClock.now()),
    connections: new Set(),
    operations: new Set(),
    counters: newCounters(),
    users: new UserStore(engine, random.fork('users')),
    requiresAuthentication: options.requiresAuthentication ?? false,
    startedAtMs,
    isPersistent: folder !== undefined,
    parameters,
    nextOperationId: () => (operationId += 1),
    reportDefect: (thrown) => {
      if (options.onDefect === undefined) throw thrown;
      options.onDefect(thrown);
    },
  };
  const upkeep = startUpkeep(state);
  if (options.tls !== undefined) parameters.set('tlsMode', options.tls.mode);
  const pending = new PendingSockets(clock, options.tls, (socket) => {
    connectionId += 1;
    state.counters.connectionsCreated += 1;
    state.connections.add(new Connection(connectionId, socket, state));
  });
  listener.on('connection', (socket) => pending.add(socket));
  return {
    host,
    port,
    uri: `mongodb://${host}:${port}/?replicaSet=${setName}`,
    state,
    [Symbol.asyncDispose]: async () => {
      upkeep[Symbol.dispose]();
      pending.close();
      await stop(listener, state);
    },
  };
}

function listen(listener: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen({ host, port, backlog: 1024 }, () => {
      listener.off('error', reject);
      const address = listener.address();
      if (address === null || typeof address === 'string') reject(new TypeError('no TCP address'));
      else resolve(address.port);
    });
  });
}

/** Interrupts what runs, closes all connections, writes out what was committed. */
async function stop(listener: Server, state: ServerState): Promise<void> {
  const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
  for (const operation of state.operations) {
    operation.interruption.interrupt(new MongoError('InterruptedAtShutdown', 'interrupted at shutdown'));
  }
  for (const session of state.sessions.all()) {
    if (session.transaction !== undefined) abortTransaction(state, session, session.transaction);
  }
  for (const connection of state.connections) connection.close();
  state.cursors.closeWhere(() => true);
  state.snapshots.close();
  state.member.close();
  await closed;
  await state.engine[Symbol.asyncDispose]();
}
