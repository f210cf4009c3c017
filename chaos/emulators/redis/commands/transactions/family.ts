/** MULTI, EXEC and WATCH. */
import { checkPermissions } from '../../acl/denials.ts';
import type { Bytes } from '../../bytes/byte-string.ts';
import { call } from '../../engine/call.ts';
import { CommandError, messages, plainError } from '../../errors.ts';
import { errorReply, nullArray, ok, type Reply } from '../../reply/reply.ts';
import type { Command, Context } from '../context.ts';
import { commandFamily } from '../family.ts';
import { transactionsTable } from './table.ts';

/** Ends the transaction without running it, and forgets what was watched. */
export function leaveTransaction({ client, server }: Context): void {
  client.transaction = undefined;
  client.isDirty = false;
  server.watches.removeAll(client);
}

function multi({ client }: Context): Reply {
  if (client.transaction !== undefined) throw plainError('MULTI calls can not be nested');
  client.transaction = { commands: [], isBroken: false };
  return ok;
}

function exec(context: Context): Reply {
  const { client, server } = context;
  const { transaction } = client;
  if (transaction === undefined) throw plainError('EXEC without MULTI');
  const hasExpired = server.watches.hasExpired(client, (index, key) =>
    server.keyspace.isExpired(server.keyspace.at(index), key),
  );
  if (hasExpired) client.isDirty = true;
  if (transaction.isBroken || client.isDirty) {
    leaveTransaction(context);
    if (transaction.isBroken) throw new CommandError(messages.execAborted);
    return nullArray;
  }
  server.watches.removeAll(client);
  const couldBlock = client.mayBlock;
  client.mayBlock = false;
  const replies = transaction.commands.map((words) => runQueued(context, words));
  client.mayBlock = couldBlock;
  leaveTransaction(context);
  return replies;
}

function runQueued({ client, commands, server }: Context, words: readonly Bytes[]): Reply {
  const command = commands.find(words);
  if (command === undefined) throw new RangeError(`a command was queued that there is not: ${words[0]}`);
  const denied = deniedSinceQueued(server, client, command, words);
  if (denied !== undefined) {
    server.statistics.addError(denied);
    return errorReply(denied);
  }
  return call(server, client, command, words, commands);
}

/** What a user may do can change between queueing and EXEC. */
function deniedSinceQueued(
  server: Context['server'],
  client: Context['client'],
  command: Command,
  words: readonly Bytes[],
): string | undefined {
  const denial = checkPermissions(server, client, command, words);
  if (denial === undefined) return undefined;
  return `NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: ${reasons[denial.reason]}`;
}

const reasons = {
  command: 'no permission to execute the command or subcommand',
  key: 'no permission to touch the specified keys',
  channel: 'no permission to access one of the channels used as arguments to the command',
} as const;

function watch({ client, server, words }: Context): Reply {
  if (client.transaction !== undefined) throw plainError('WATCH inside MULTI is not allowed');
  // A transaction that is lost already needs no more watches.
  if (client.isDirty) return ok;
  const database = server.keyspace.at(client.database);
  for (const key of words.slice(1)) server.watches.add(client, key, server.keyspace.isExpired(database, key));
  return ok;
}

export const transactions = commandFamily('transactions', transactionsTable, {
  multi,
  exec,
  discard: (context) => {
    if (context.client.transaction === undefined) throw plainError('DISCARD without MULTI');
    leaveTransaction(context);
    return ok;
  },
  watch,
  unwatch: ({ client, server }) => {
    server.watches.removeAll(client);
    client.isDirty = false;
    return ok;
  },
});
