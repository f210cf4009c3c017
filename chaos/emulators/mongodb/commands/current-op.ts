/** currentOp: what runs now, and the sessions that keep a transaction open while nothing runs in them. */
import { isDocument } from '../query/bson-value.ts';
import { compileFilter } from '../query/matcher.ts';
import type { ServerState } from '../server-state.ts';
import type { Document } from '../storage/contract.ts';
import type { Command } from './command.ts';
import { genericFields } from './command-traits.ts';
import type { RunningOperation } from './running-operation.ts';

export const currentOp: Command = {
  name: 'currentOp',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  run: (operation) => {
    const filter = Object.fromEntries(
      Object.entries(operation.body).filter(
        ([name]) =>
          name !== 'currentOp' &&
          !genericFields.has(name) &&
          !['$all', '$ownOps', '$truncateOps'].includes(name),
      ),
    );
    const matches = compileFilter(filter, operation.environment);
    return { inprog: currentOperations(operation.server).filter((document) => matches(document)) };
  },
};

/** Also what `$currentOp` begins with. */
export function currentOperations(server: ServerState): Document[] {
  return [
    ...[...server.operations].map((operation) => describeOperation(server, operation)),
    ...idleSessions(server),
  ];
}

function describeOperation(server: ServerState, operation: RunningOperation): Document {
  const { body, command, connection, database, startedAtMs, transaction } = operation;
  const runningMs = server.clock.nowMs() - startedAtMs;
  const target = body[Object.keys(body)[0] ?? ''];
  const { $clusterTime: _clusterTime, ...shown } = body;
  return {
    type: 'op',
    host: `${server.host}:${server.port}`,
    desc: `conn${connection.id}`,
    connectionId: connection.id,
    client: connection.remoteAddress,
    ...(connection.applicationName === undefined ? {} : { appName: connection.applicationName }),
    ...(connection.clientMetadata === undefined ? {} : { clientMetadata: connection.clientMetadata }),
    active: true,
    currentOpTime: new Date(server.clock.nowMs()).toISOString(),
    opid: operation.id,
    secs_running: Math.floor(runningMs / 1000),
    microsecs_running: Math.round(runningMs * 1000),
    op: ['insert', 'update'].includes(command.name)
      ? command.name
      : command.name === 'delete'
        ? 'remove'
        : 'command',
    ns: typeof target === 'string' ? `${database}.${target}` : `${database}.$cmd`,
    command: shown,
    ...(isDocument(body['lsid']) ? { lsid: body['lsid'] } : {}),
    ...(transaction === undefined ? {} : { transaction: { parameters: { txnNumber: transaction.number } } }),
    killPending: operation.interruption.reason !== undefined,
  };
}

function idleSessions(server: ServerState): Document[] {
  return server.sessions
    .all()
    .filter(({ busy, transaction }) => busy === undefined && transaction?.state === 'active')
    .map(({ id, transaction }) => ({
      type: 'idleSession',
      host: `${server.host}:${server.port}`,
      desc: 'inactive transaction',
      active: false,
      lsid: { id },
      transaction: {
        parameters: { txnNumber: transaction?.number, autocommit: false },
        startWallClockTime: new Date(transaction?.startedAtMs ?? 0).toISOString(),
      },
    }));
}
