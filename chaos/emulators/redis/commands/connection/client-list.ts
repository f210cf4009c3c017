/** CLIENT LIST, INFO and KILL: which clients there are, and the end of some. */
import { untilNul, type Bytes } from '../../bytes/byte-string.ts';
import type { Client } from '../../clients/client.ts';
import { describeClient } from '../../clients/describe.ts';
import { plainError, syntaxError } from '../../errors.ts';
import { ok, plainText, type Reply } from '../../reply/reply.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';

type ClientType = 'normal' | 'pubsub' | 'master' | 'replica';

function readType(name: Bytes): ClientType {
  const type = name.toLowerCase();
  if (type === 'slave') return 'replica';
  if (type === 'normal' || type === 'pubsub' || type === 'master' || type === 'replica') return type;
  throw plainError(`Unknown client type '${untilNul(name)}'`);
}

function hasType(client: Client, type: ClientType): boolean {
  return (client.isSubscriber ? 'pubsub' : 'normal') === type;
}

function list(context: Context): Reply {
  const { words, server } = context;
  const option = context.option(2);
  let clients = server.clients.all();
  if (words.length === 4 && option === 'type') {
    const type = readType(context.word(3));
    clients = clients.filter((client) => hasType(client, type));
  } else if (words.length > 3 && option === 'id') {
    clients = words
      .slice(3)
      .map((_, index) => server.clients.get(context.integer(index + 3, 'ERR Invalid client ID')))
      .filter((client) => client !== undefined);
  } else if (words.length !== 2) throw syntaxError();
  return plainText(clients.map((client) => `${describeClient(server.nowMs, client)}\n`).join(''));
}

interface KillFilter {
  id?: number;
  type?: ClientType;
  address?: Bytes;
  localAddress?: Bytes;
  user?: Bytes;
  skipsSelf: boolean;
}

function readFilter(context: Context): KillFilter {
  const filter: KillFilter = { skipsSelf: true };
  for (let at = 2; at < context.words.length; at += 2) {
    if (at + 1 >= context.words.length) throw syntaxError();
    const value = context.word(at + 1);
    switch (context.option(at)) {
      case 'id': {
        const id = context.integer(at + 1, 'ERR client-id should be greater than 0');
        if (id < 1) throw plainError('client-id should be greater than 0');
        filter.id = id;
        break;
      }
      case 'type':
        filter.type = readType(value);
        break;
      case 'addr':
        filter.address = value;
        break;
      case 'laddr':
        filter.localAddress = value;
        break;
      case 'user':
        if (context.server.users.get(value) === undefined)
          throw plainError(`No such user '${untilNul(value)}'`);
        filter.user = value;
        break;
      case 'skipme':
        if (!/^(?:yes|no)$/i.test(value)) throw syntaxError();
        filter.skipsSelf = value.toLowerCase() === 'yes';
        break;
      default:
        throw syntaxError();
    }
  }
  return filter;
}

function matches(client: Client, { address, id, localAddress, type, user }: KillFilter): boolean {
  return (
    (address === undefined || client.address === address) &&
    (localAddress === undefined || client.localAddress === localAddress) &&
    (type === undefined || hasType(client, type)) &&
    (id === undefined || client.id === id) &&
    (user === undefined || client.user === user)
  );
}

function kill(context: Context): Reply {
  const { words, server, client: self } = context;
  const isOldForm = words.length === 3;
  const filter = isOldForm ? { address: context.word(2), skipsSelf: false } : readFilter(context);
  const killed = server.clients
    .all()
    .filter((client) => matches(client, filter) && !(client === self && filter.skipsSelf));
  for (const client of killed) client.close(client === self);
  if (!isOldForm) return killed.length;
  if (killed.length === 0) throw plainError('No such client');
  return ok;
}

export const clientList: Runs = {
  'client|info': ({ client, server }) => plainText(`${describeClient(server.nowMs, client)}\n`),
  'client|list': list,
  'client|kill': kill,
};
