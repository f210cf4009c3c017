/** hostInfo, getCmdLineOpts and getLog: what administration tools ask on connecting. */
import { arch, cpus, hostname, totalmem, type } from 'node:os';
import { Long } from 'bson';
import type { Command } from './command.ts';

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
