/** ACL: users and what they may do. */
import { untilNul } from '../../bytes/byte-string.ts';
import { categories } from '../../acl/categories.ts';
import { eachCommand } from '../../acl/command-sets.ts';
import { describeCommands } from '../../acl/describe-commands.ts';
import { describeUser } from '../../acl/describe-user.ts';
import { denialFor } from '../../acl/permissions.ts';
import type { Selector } from '../../acl/selector.ts';
import { hasWrongArity } from '../../engine/checks.ts';
import { randomHex } from '../../engine/server-state.ts';
import { plainError } from '../../errors.ts';
import { double, map, ok, set, type Reply } from '../../reply/reply.ts';
import type { Context } from '../context.ts';
import { commandFamily } from '../family.ts';
import { helpText } from '../help.ts';
import { setting } from './setting.ts';
import { aclTable } from './table.ts';

const passwordBitsMax = 4096;

function refuseFile(): never {
  throw plainError(
    'This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the Redis configuration.',
  );
}

function cat(context: Context): Reply {
  if (context.words.length === 2) return categories;
  if (context.words.length > 3) throw context.wrongSubcommand();
  const category = context.option(2);
  if (!categories.includes(category))
    throw plainError(`Unknown category '${untilNul(context.word(2)).slice(0, 128)}'`);
  return [...eachCommand(context.commands)]
    .filter((each) => each.categories.includes(category))
    .map(({ name }) => name);
}

function dryrun(context: Context): Reply {
  const { commands, server } = context;
  const user = server.users.get(context.word(2));
  if (user === undefined) throw plainError(`User '${untilNul(context.word(2))}' not found`);
  const words = context.words.slice(3);
  const command = commands.find(words);
  if (command === undefined) throw plainError(`Command '${untilNul(context.word(3))}' not found`);
  if (hasWrongArity(command, words))
    throw plainError(`wrong number of arguments for '${command.name}' command`);
  const denial = denialFor(user, command, words);
  if (denial === undefined) return ok;
  return denial.reason === 'command'
    ? `This user has no permissions to run the '${denial.object}' command`
    : `This user has no permissions to access the '${denial.object}' ${denial.reason}`;
}

function genpass(context: Context): Reply {
  if (context.words.length > 3) throw context.wrongSubcommand();
  const bits = context.words.length === 3 ? context.integer(2) : 256;
  if (bits <= 0 || bits > passwordBitsMax) {
    throw plainError(
      `ACL GENPASS argument must be the number of bits for the output password, a positive number up to ${passwordBitsMax}`,
    );
  }
  return randomHex(context.server.random, Math.floor((bits + 3) / 4));
}

function selectorFields(context: Context, selector: Selector): (readonly [string, Reply])[] {
  return [
    ['commands', describeCommands(selector, context.commands)],
    ['keys', selector.describeKeys()],
    ['channels', selector.describeChannels()],
  ];
}

function getuser(context: Context): Reply {
  const user = context.server.users.get(context.word(2));
  if (user === undefined) return null;
  return map([
    ['flags', set(user.flags())],
    ['passwords', user.passwords],
    ...selectorFields(context, user.root),
    ['selectors', user.selectors.map((selector) => map(selectorFields(context, selector)))],
  ]);
}

function log(context: Context): Reply {
  const { accessLog, nowMs } = context.server;
  if (context.words.length > 3) throw context.wrongSubcommand();
  if (context.option(2) === 'reset') {
    accessLog.clear();
    return ok;
  }
  const count = context.words.length === 3 ? context.integer(2) : 10;
  return accessLog.latest(Math.max(0, count)).map((entry) =>
    map([
      ['count', entry.count],
      ['reason', entry.reason],
      ['context', entry.context],
      ['object', entry.object],
      ['username', entry.user],
      ['age-seconds', double((nowMs - entry.atMs) / 1000)],
      ['client-info', entry.clientInfo],
    ]),
  );
}

export const acl = commandFamily('server', aclTable, {
  ...setting,
  'acl|cat': cat,
  'acl|dryrun': dryrun,
  'acl|genpass': genpass,
  'acl|getuser': getuser,
  'acl|help': () =>
    helpText('ACL', [
      ['CAT [<category>]', 'Categories of commands, or the commands of one.'],
      ['DELUSER <username> [<username> ...]', 'Removes users and ends their connections.'],
      ['DRYRUN <username> <command> [<arg> ...]', 'Whether a user may run a command.'],
      ['GENPASS [<bits>]', 'A random password.'],
      ['GETUSER <username>', 'Passwords and rights of a user.'],
      ['LIST', 'Users as rules, a line each.'],
      ['LOAD', 'Not offered: there is no file of users.'],
      ['LOG [<count> | RESET]', 'What was denied lately.'],
      ['SAVE', 'Not offered: there is no file of users.'],
      ['SETUSER <username> <rule> [<rule> ...]', 'Makes or changes a user.'],
      ['USERS', 'Names of the users.'],
      ['WHOAMI', 'The user of this connection.'],
    ]),
  'acl|list': ({ commands, server }) =>
    server.users.all().map((user) => `user ${user.name} ${describeUser(user, commands)}`),
  'acl|load': refuseFile,
  'acl|log': log,
  'acl|save': refuseFile,
  'acl|users': ({ server }) => server.users.all().map(({ name }) => name),
  'acl|whoami': ({ client }) => client.user,
});
