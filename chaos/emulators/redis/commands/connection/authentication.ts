/** AUTH and HELLO. */
import { noteDenial } from '../../acl/denials.ts';
import { untilNul, type Bytes } from '../../bytes/byte-string.ts';
import { CommandError, plainError, syntaxError } from '../../errors.ts';
import { map, ok, type Reply } from '../../reply/reply.ts';
import { redisVersion } from '../../scripting/redis-library.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { setName } from './names.ts';

function authenticate({ client, server, words }: Context, name: Bytes, password: Bytes): void {
  if (server.users.hasPassword(name, password)) {
    client.isAuthenticated = true;
    client.user = name;
    return;
  }
  noteDenial(server, client, { reason: 'auth', object: words[0] ?? '', user: name });
  throw new CommandError('WRONGPASS invalid username-password pair or user is disabled.');
}

function auth(context: Context): Reply {
  const { words, server, hidden } = context;
  if (words.length > 3) throw syntaxError();
  hidden.add(1);
  hidden.add(2);
  if (words.length === 2 && server.users.default.needsNoPassword) {
    throw plainError(
      'AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
    );
  }
  if (words.length === 2) authenticate(context, 'default', context.word(1));
  else authenticate(context, context.word(1), context.word(2));
  return ok;
}

function hello(context: Context): Reply {
  const { client, server, words, hidden } = context;
  const version =
    words.length > 1
      ? context.integer(1, 'ERR Protocol version is not an integer or out of range')
      : undefined;
  if (version !== undefined && version !== 2 && version !== 3) {
    throw new CommandError('NOPROTO unsupported protocol version');
  }
  for (let at = 2; at < words.length;) {
    const behind = words.length - 1 - at;
    const name = context.option(at);
    if (name === 'auth' && behind >= 2) {
      hidden.add(at + 1);
      hidden.add(at + 2);
      authenticate(context, context.word(at + 1), context.word(at + 2));
      at += 3;
    } else if (name === 'setname' && behind >= 1) {
      setName(client, context.word(at + 1));
      at += 2;
    } else {
      throw plainError(`Syntax error in HELLO option '${untilNul(context.word(at))}'`);
    }
  }
  if (!client.isAuthenticated) {
    throw new CommandError(
      'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
    );
  }
  client.protocol = version ?? client.protocol;
  return map([
    ['server', 'redis'],
    ['version', redisVersion],
    ['proto', client.protocol],
    ['id', client.id],
    ['mode', 'standalone'],
    ['role', server.master === undefined ? 'master' : 'replica'],
    ['modules', []],
  ]);
}

export const authentication: Runs = { auth, hello };
