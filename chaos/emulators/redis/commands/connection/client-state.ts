/** CLIENT subcommands that change how the server treats a client, or all of them. */
import { pauseClients, unpauseClients } from '../../engine/pausing.ts';
import { plainError, syntaxError } from '../../errors.ts';
import { errorReply, noReply, ok, type Reply } from '../../reply/reply.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { helpText } from '../help.ts';
import { setName } from './names.ts';

function reply(context: Context): Reply {
  const { client } = context;
  switch (context.option(2)) {
    case 'on':
      client.replyMode = 'on';
      return ok;
    case 'off':
      client.replyMode = 'off';
      return noReply;
    case 'skip':
      if (client.replyMode !== 'off') client.replyMode = 'skip next';
      return noReply;
    default:
      throw syntaxError();
  }
}

function noEvict(context: Context): Reply {
  const wanted = context.option(2);
  if (wanted !== 'on' && wanted !== 'off') throw syntaxError();
  context.client.isNoEvict = wanted === 'on';
  return ok;
}

function pause(context: Context): Reply {
  const mode = context.words.length > 3 ? context.option(3) : 'all';
  if (context.words.length > 4) throw context.wrongSubcommand();
  if (mode !== 'all' && mode !== 'write') throw plainError('CLIENT PAUSE mode must be WRITE or ALL');
  const timeoutMs = context.timeoutMilliseconds(2);
  pauseClients(context.server, { untilMs: timeoutMs + context.nowMs, mode });
  return ok;
}

function unblock(context: Context): Reply {
  const { server } = context;
  if (context.words.length > 4) throw context.wrongSubcommand();
  const reason = context.words.length === 4 ? context.option(3) : 'timeout';
  if (reason !== 'timeout' && reason !== 'error') {
    throw plainError('CLIENT UNBLOCK reason should be TIMEOUT or ERROR');
  }
  const target = server.clients.get(context.integer(2));
  if (target?.blocking?.canBeUnblocked !== true) return 0;
  if (reason === 'timeout') {
    target.send(target.blocking.timedOutReply);
  } else {
    const reply = errorReply('UNBLOCKED client unblocked via CLIENT UNBLOCK');
    server.statistics.addError(reply.message);
    target.send(reply);
  }
  // Either way its command counts as failed.
  server.countFailureOf(target);
  server.unblock(target);
  return 1;
}

export const clientState: Runs = {
  'client|getname': ({ client }) => (client.name === '' ? null : client.name),
  'client|help': () =>
    helpText('CLIENT', [
      ['CACHING (YES|NO)', 'Whether the next command is tracked, in OPTIN or OPTOUT mode.'],
      ['GETNAME', 'Name of this connection.'],
      ['GETREDIR', 'ID of the client that gets the invalidations of this one.'],
      ['ID', 'ID of this connection.'],
      ['INFO', 'This connection as CLIENT LIST shows it.'],
      ['KILL <ip:port>', 'Ends the connection from this address.'],
      ['KILL <option> <value> [<option> <value> ...]', 'By ADDR, LADDR, TYPE, USER, SKIPME (YES|NO) and ID.'],
      ['LIST [TYPE type|ID id ...]', 'Connections, a line each.'],
      ['NO-EVICT (ON|OFF)', 'Whether the connection may be ended to free memory.'],
      ['PAUSE <timeout> [WRITE|ALL]', 'Holds commands back for so many milliseconds.'],
      ['REPLY (ON|OFF|SKIP)', 'Whether commands are answered.'],
      ['SETNAME <name>', 'Names this connection.'],
      [
        'TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> ...] [OPTIN] [OPTOUT] [NOLOOP]',
        'Invalidations for a cache.',
      ],
      ['TRACKINGINFO', 'How this connection is tracked.'],
      ['UNBLOCK <id> [TIMEOUT|ERROR]', 'Ends the waiting of a client.'],
      ['UNPAUSE', 'Ends a pause.'],
    ]),
  'client|id': ({ client }) => client.id,
  'client|no-evict': noEvict,
  'client|pause': pause,
  'client|reply': reply,
  'client|setname': (context) => {
    setName(context.client, context.word(2));
    return ok;
  },
  'client|unblock': unblock,
  'client|unpause': ({ server }) => {
    unpauseClients(server);
    return ok;
  },
};
