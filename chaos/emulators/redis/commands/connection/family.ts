/** Commands about the connection itself. */
import { plainError } from '../../errors.ts';
import { ok, status, type Reply } from '../../reply/reply.ts';
import type { Context } from '../context.ts';
import { commandFamily } from '../family.ts';
import { leaveTransaction } from '../transactions/family.ts';
import { authentication } from './authentication.ts';
import { clientList } from './client-list.ts';
import { clientState } from './client-state.ts';
import { connectionTable } from './table.ts';
import { clientTracking } from './tracking.ts';

function ping(context: Context): Reply {
  const { client, words } = context;
  if (words.length > 2) throw context.wrongArity();
  if (client.isSubscriber && client.protocol === 2) return ['pong', context.word(1)];
  return words.length === 1 ? status('PONG') : context.word(1);
}

function select(context: Context): Reply {
  const index = context.int32(1);
  if (index < 0 || index >= context.server.keyspace.databases.length) {
    throw plainError('DB index is out of range');
  }
  context.client.database = index;
  return ok;
}

/** As if the client had just connected. */
function reset(context: Context): Reply {
  const { client, server } = context;
  server.monitors.delete(client);
  client.isMonitor = false;
  server.tracking.disable(client);
  server.channels.drop(client);
  for (const names of [client.channels, client.patterns, client.shardChannels]) names.clear();
  leaveTransaction(context);
  client.database = 0;
  client.protocol = 2;
  client.user = 'default';
  client.isAuthenticated = server.users.default.needsNoPassword && server.users.default.isEnabled;
  client.name = '';
  client.replyMode = 'on';
  return status('RESET');
}

export const connection = commandFamily('connection', connectionTable, {
  ...authentication,
  ...clientList,
  ...clientState,
  ...clientTracking,
  echo: (context) => context.word(1),
  ping,
  quit: ({ client }) => {
    client.close(true);
    return ok;
  },
  reset,
  select,
});
