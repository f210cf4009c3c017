/** serverStatus: figures of the running server. */
import { Long } from 'bson';
import { mongodbVersion } from './diagnostic-commands.ts';
import type { Command } from './command.ts';

const bytesPerMegabyte = 1024 * 1024;

export const serverStatus: Command = {
  name: 'serverStatus',
  kind: 'administration',
  inTransaction: false,
  run: ({ server }) => {
    const { clock, counters, cursors, host, member, operations, port, sessions, startedAtMs } = server;
    const uptimeMs = clock.nowMs() - startedAtMs;
    const memory = process.memoryUsage();
    const openTransactions = sessions
      .all()
      .filter(({ transaction }) => transaction?.state === 'active').length;
    const address = `${host}:${port}`;
    return {
      host: address,
      version: mongodbVersion,
      process: 'mongod',
      pid: Long.fromNumber(process.pid),
      uptime: uptimeMs / 1000,
      uptimeMillis: Long.fromNumber(uptimeMs),
      uptimeEstimate: Long.fromNumber(Math.floor(uptimeMs / 1000)),
      localTime: new Date(clock.nowMs()),
      connections: {
        current: server.connections.size,
        available: 65_536 - server.connections.size,
        totalCreated: counters.connectionsCreated,
        active: operations.size,
      },
      logicalSessionRecordCache: { activeSessionsCount: sessions.size },
      mem: {
        bits: 64,
        resident: Math.round(memory.rss / bytesPerMegabyte),
        virtual: Math.round(memory.rss / bytesPerMegabyte),
        supported: true,
      },
      metrics: {
        cursor: { timedOut: cursors.timedOut, open: { noTimeout: 0, pinned: 0, total: cursors.open } },
        operation: { writeConflicts: counters.writeConflicts },
      },
      network: {
        bytesIn: Long.fromNumber(counters.bytesIn),
        bytesOut: Long.fromNumber(counters.bytesOut),
        numRequests: Long.fromNumber(counters.requests),
      },
      opcounters: { ...counters.operations },
      repl: {
        hosts: [address],
        setName: member.setName,
        setVersion: 1,
        isWritablePrimary: member.isPrimary,
        secondary: !member.isPrimary,
        me: address,
        ...(member.isPrimary ? { primary: address, electionId: member.electionId } : {}),
      },
      storageEngine: {
        name: 'redcliff',
        supportsCommittedReads: true,
        persistent: server.isPersistent,
      },
      transactions: {
        currentActive: openTransactions,
        currentInactive: 0,
        currentOpen: openTransactions,
        totalStarted: counters.transactions.started,
        totalCommitted: counters.transactions.committed,
        totalAborted: counters.transactions.aborted,
      },
    };
  },
};
