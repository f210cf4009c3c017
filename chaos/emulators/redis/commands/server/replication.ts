/** REPLICAOF and what belongs to it. A server that was told to follow a master becomes read-only, and never reaches the master. */
import type { Client } from '../../clients/client.ts';
import type { ServerState } from '../../engine/server-state.ts';
import { randomHex } from '../../engine/server-state.ts';
import { plainError, syntaxError } from '../../errors.ts';
import { errorReply, ok, status, type Reply } from '../../reply/reply.ts';
import type { Context, Run } from '../context.ts';
import type { Runs } from '../family.ts';

function replicaof(context: Context): Reply {
  const { server } = context;
  if (context.option(1) === 'no' && context.option(2) === 'one') {
    if (server.master !== undefined) {
      server.master = undefined;
      server.replicationId = randomHex(server.random, 40);
      server.log('notice', 'MASTER MODE enabled (user request)');
    }
    return ok;
  }
  const port = context.integer(2, 'ERR Invalid master port');
  if (port < 0 || port > 65_535) throw plainError('Invalid master port');
  const host = context.word(1);
  if (server.master?.port === port && server.master.host.toLowerCase() === host.toLowerCase()) {
    return status('OK Already connected to specified master');
  }
  server.master = { host, port };
  disconnectBlocked(server);
  server.log('notice', `REPLICAOF ${host}:${port} enabled (user request)`);
  return ok;
}

/** What they wait for will not come from clients of a replica. */
function disconnectBlocked(server: ServerState): void {
  const message =
    'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)';
  const isBlocked = ({ blocking }: Client) => blocking !== undefined && blocking.kind !== 'postponed';
  for (const client of server.clients.all().filter(isBlocked)) {
    server.statistics.addError(message);
    client.send(errorReply(message));
    server.unblock(client);
    client.close(true);
  }
}

function failover(context: Context): Reply {
  if (context.words.length === 2 && context.option(1) === 'abort') {
    throw plainError('No failover in progress.');
  }
  let timeoutMs = 0;
  for (let at = 1; at < context.words.length; at += 1) {
    const name = context.option(at);
    if (name === 'timeout' && at + 1 < context.words.length && timeoutMs === 0) {
      at += 1;
      timeoutMs = context.integer(at);
      if (timeoutMs <= 0) throw plainError('FAILOVER timeout must be greater than 0');
    } else if (name === 'to' && at + 2 < context.words.length) {
      at += 2;
      context.integer(at);
    } else if (name !== 'force') throw syntaxError();
  }
  if (context.server.master !== undefined) {
    throw plainError('FAILOVER is not valid when server is a replica.');
  }
  throw plainError('FAILOVER requires connected replicas.');
}

/** Nothing replicates from the emulator. */
const refuseReplicas: Run = (context) => {
  throw plainError(`${context.word(0).toUpperCase()} is not offered by this emulator: it has no replicas`);
};

export const replication: Runs = {
  failover,
  psync: refuseReplicas,
  replconf: refuseReplicas,
  replicaof,
  slaveof: replicaof,
  sync: refuseReplicas,
};
