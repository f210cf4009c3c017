/** Commands about the server itself and the connection, and those that only tests of drivers send. */
import { MongoError } from '../errors.ts';
import type { Command } from './command.ts';
import { documentBytesMax } from './incoming-document.ts';
import { searchError } from './pipeline-rules.ts';
import { Long } from 'bson';
import { arch, cpus, hostname, totalmem, type } from 'node:os';

/** ping: an answer, in any state. */
export const ping: Command = {
  name: 'ping',
  kind: 'administration',
  inTransaction: false,
  run: () => ({}),
};

/** whatsmyuri: the client's address as the server sees it. */
export const whatsMyUri: Command = {
  name: 'whatsmyuri',
  kind: 'administration',
  inTransaction: false,
  run: ({ connection }) => ({ you: connection.remoteAddress }),
};

/** connectionStatus: who has logged in on this connection. */
export const connectionStatus: Command = {
  name: 'connectionStatus',
  kind: 'administration',
  inTransaction: false,
  fields: ['showPrivileges'],
  run: ({ arguments: given, connection }) => {
    const { user } = connection.authentication;
    return {
      authInfo: {
        authenticatedUsers: user === undefined ? [] : [{ user: user.user, db: user.db }],
        authenticatedUserRoles: (user?.roles ?? []).map((role) => ({ ...role })),
        ...(given.boolean('showPrivileges') ? { authenticatedUserPrivileges: [] } : {}),
      },
    };
  },
};

/** buildInfo: the version of MongoDB whose behaviour this server has. */
export const mongodbVersion = '7.0.14';

export const buildInfo: Command = {
  name: 'buildInfo',
  aliases: ['buildinfo'],
  kind: 'administration',
  inTransaction: false,
  run: () => ({
    version: mongodbVersion,
    gitVersion: 'embedded',
    modules: ['redcliff-embedded'],
    allocator: 'system',
    javascriptEngine: 'none',
    sysInfo: 'deprecated',
    versionArray: [...mongodbVersion.split('.').map(Number), 0],
    openssl: { running: 'disabled', compiled: 'disabled' },
    buildEnvironment: {},
    bits: 64,
    debug: false,
    maxBsonObjectSize: documentBytesMax,
    storageEngines: ['redcliff'],
  }),
};

/** hostInfo, getCmdLineOpts and getLog: what administration tools ask on connecting. */
export const hostInfo: Command = {
  name: 'hostInfo',
  kind: 'administration',
  inTransaction: false,
  run: ({ server }) => ({
    system: {
      currentTime: new Date(server.clock.nowMs()),
      hostname: hostname(),
      cpuAddrSize: 64,
      memSizeMB: Long.fromNumber(Math.floor(totalmem() / 1024 / 1024)),
      numCores: cpus().length,
      cpuArch: arch(),
      numaEnabled: false,
    },
    os: { type: type(), name: 'Node.js', version: process.version },
    extra: {},
  }),
};

export const getCmdLineOpts: Command = {
  name: 'getCmdLineOpts',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  run: ({ server }) => ({
    argv: ['mongod'],
    parsed: { net: { port: server.port }, replication: { replSet: server.member.setName } },
  }),
};

/** The server writes no log. */
export const getLog: Command = {
  name: 'getLog',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  run: ({ body }) =>
    body['getLog'] === '*' ? { names: ['global', 'startupWarnings'] } : { totalLinesWritten: 0, log: [] },
};

/** listCommands: every command this server has. */
export const listCommands: Command = {
  name: 'listCommands',
  kind: 'administration',
  inTransaction: false,
  run: ({ server }) => ({
    commands: Object.fromEntries(
      [...new Set(server.commands.values())].map(({ name, aliases = [], adminOnly = false, kind }) => [
        name,
        { help: '', aliases: [...aliases], adminOnly, requiresAuth: false, secondaryOk: kind !== 'write' },
      ]),
    ),
  }),
};

/** fsync: returns when all that was committed is on disk. Locking is refused. */
export const fsync: Command = {
  name: 'fsync',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  fields: ['lock', 'async'],
  run: async ({ arguments: given, server }) => {
    if (given.boolean('lock'))
      throw new MongoError('CommandNotSupported', 'fsync with lock is not supported by the embedded MongoDB');
    await server.engine.flush();
    return { numFiles: 1 };
  },
};

/** killOp: interrupts one running operation. */
export const killOp: Command = {
  name: 'killOp',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  fields: ['op'],
  run: ({ arguments: given, server }) => {
    const id = given.number('op');
    if (id === undefined) throw new MongoError('NoSuchKey', 'Missing expected field "op"');
    for (const operation of server.operations) {
      if (operation.id === id) {
        operation.interruption.interrupt(new MongoError('Interrupted', 'operation was interrupted'));
      }
    }
    return { info: 'attempting to kill op' };
  },
};

/** configureFailPoint: switches a fail point on or off. */
export const configureFailPoint: Command = {
  name: 'configureFailPoint',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  fields: ['mode', 'data'],
  run: ({ arguments: given, server }) => {
    const name = given.requiredString('configureFailPoint');
    return { count: server.failPoints.configure(name, given.get('mode'), given.get('data')) };
  },
};

/** testDeprecation and testVersion2: by these drivers test that they send the Stable API's fields. */
export const testDeprecation: Command = {
  name: 'testDeprecation',
  kind: 'administration',
  inTransaction: false,
  run: ({ arguments: given }) => {
    if (given.boolean('apiDeprecationErrors')) {
      throw new MongoError(
        'APIDeprecationError',
        'Provided apiDeprecationErrors:true, but the command testDeprecation is deprecated in API Version 1',
      );
    }
    return {};
  },
};

export const testVersion2: Command = {
  name: 'testVersion2',
  kind: 'administration',
  inTransaction: false,
  run: () => ({}),
};

function searchCommand(name: string, fields: readonly string[]): Command {
  return {
    name,
    kind: 'write',
    inTransaction: false,
    fields,
    run: () => {
      throw searchError(name);
    },
  };
}

export const createSearchIndexes = searchCommand('createSearchIndexes', ['indexes']);
export const dropSearchIndex = searchCommand('dropSearchIndex', ['id', 'name']);
export const updateSearchIndex = searchCommand('updateSearchIndex', ['definition', 'id', 'name']);
