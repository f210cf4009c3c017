/** Takes a request of a client: refuses it, queues it in a transaction, holds it back, or runs it. The order of checks is Redis's. */
import { checkPermissions } from '../acl/denials.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import type { Client } from '../clients/client.ts';
import type { Command, CommandTable } from '../commands/context.ts';
import type { CommandFlag } from '../commands/declaration.ts';
import { messages } from '../errors.ts';
import { errorReply, queued, type ErrorReply } from '../reply/reply.ts';
import { scriptCommandFlags } from '../scripting/command-flags.ts';
import { afterCommand, call, showToMonitors } from './call.ts';
import { hasWrongArity, lacksReplicas, requiresPassword } from './checks.ts';
import { freeMemory } from './memory-limit.ts';
import type { ServerState } from './server-state.ts';
import { serveWaiting } from './serve-waiting.ts';

/** Commands that end or leave a transaction instead of being queued. */
const unqueued = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset']);
const subscriberCommands = new Set([
  'ping',
  'subscribe',
  'ssubscribe',
  'unsubscribe',
  'sunsubscribe',
  'psubscribe',
  'punsubscribe',
  'quit',
  'reset',
]);

export type Dispatched = 'done' | 'postponed';

export function dispatch(
  server: ServerState,
  client: Client,
  words: readonly Bytes[],
  commands: CommandTable,
): Dispatched {
  const command = commands.find(words);
  if (command === undefined) {
    reject(server, client, undefined, words, unknownCommand(words, commands));
    return 'done';
  }
  client.lastCommand = command.name;
  const flags = effectiveFlags(server, client, command, words, commands);
  const refusal = refusalFor(server, client, command, words, flags);
  if (refusal !== undefined) {
    reject(server, client, command, words, refusal);
    return 'done';
  }
  if (mustWait(server, flags)) return 'postponed';
  if (client.transaction !== undefined && !unqueued.has(command.name)) {
    if (!client.isDirty && !client.transaction.isBroken) client.transaction.commands.push(words);
    client.send(queued);
    return 'done';
  }
  const outer = server.current;
  server.current = client;
  const reply = call(server, client, command, words, commands);
  client.send(reply);
  afterCommand(server);
  server.current = outer;
  if (server.script === undefined) serveWaiting(server);
  return 'done';
}

/** The message of a command that is not there, or of a subcommand. */
export function unknownCommand(words: readonly Bytes[], commands: CommandTable): string {
  const name = cString(words[0] ?? '').slice(0, 128);
  if (commands.all.get(name.toLowerCase())?.subcommands !== undefined) {
    return `ERR unknown subcommand '${cString(words[1] ?? '').slice(0, 128)}'. Try ${name.toUpperCase()} HELP.`;
  }
  let rest = '';
  for (const word of words.slice(1)) {
    if (rest.length >= 128) break;
    rest += `'${cString(word).slice(0, 128 - rest.length)}' `;
  }
  return `ERR unknown command '${name}', with args beginning with: ${rest}`;
}

function refusalFor(
  server: ServerState,
  client: Client,
  command: Command,
  words: readonly Bytes[],
  flags: ReadonlySet<CommandFlag>,
): string | undefined {
  if (hasWrongArity(command, words)) return `ERR wrong number of arguments for '${command.name}' command`;
  if (command.flags.has('protected')) {
    const protectedRefusal = refuseProtected(server, command);
    if (protectedRefusal !== undefined) return protectedRefusal;
  }
  if (!client.isAuthenticated && !command.flags.has('no_auth') && requiresPassword(server)) {
    return messages.noAuth;
  }
  if (client.transaction !== undefined && command.flags.has('no_multi')) {
    return 'ERR Command not allowed inside a transaction';
  }
  const denied = refuseByPermissions(server, client, command, words);
  if (denied !== undefined) return denied;
  return (
    refuseForMemory(server, client, command, flags) ??
    refuseWrite(server, command, flags) ??
    refuseByState(server, client, command, flags)
  );
}

function refuseProtected(server: ServerState, command: Command): string | undefined {
  const option = command.name === 'debug' ? 'enable-debug-command' : 'enable-module-command';
  if (server.configuration.text(option) !== 'no') return undefined;
  return `ERR ${command.name.split('|')[0]?.toUpperCase()} command not allowed. If the ${option} option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.`;
}

function refuseByPermissions(
  server: ServerState,
  client: Client,
  command: Command,
  words: readonly Bytes[],
): string | undefined {
  const denial = checkPermissions(server, client, command, words);
  if (denial === undefined) return undefined;
  if (denial.reason === 'command') {
    return `NOPERM this user has no permissions to run the '${command.name}' command`;
  }
  return `NOPERM this user has no permissions to access one of the ${denial.reason}s used as arguments`;
}

/** A transaction has the flags of its commands, a script with a header those that it asks for. */
function effectiveFlags(
  server: ServerState,
  client: Client,
  command: Command,
  words: readonly Bytes[],
  commands: CommandTable,
): ReadonlySet<CommandFlag> {
  if (command.name !== 'exec') return scriptCommandFlags(server, command, words);
  const flags = new Set(command.flags);
  for (const each of client.transaction?.commands ?? []) {
    const inner = commands.find(each);
    if (inner === undefined) continue;
    for (const flag of scriptCommandFlags(server, inner, each)) {
      if (flag === 'write' || flag === 'denyoom' || flag === 'readonly' || flag === 'may_replicate')
        flags.add(flag);
    }
    if (!inner.flags.has('stale')) flags.delete('stale');
    if (!inner.flags.has('loading')) flags.delete('loading');
  }
  return flags;
}

function refuseForMemory(
  server: ServerState,
  client: Client,
  command: Command,
  flags: ReadonlySet<CommandFlag>,
): string | undefined {
  if (server.script !== undefined) return undefined;
  server.refreshTime();
  server.isOutOfMemory = !freeMemory(server);
  if (!server.isOutOfMemory) return undefined;
  const leaves = ['exec', 'discard', 'quit', 'reset'].includes(command.name);
  const isQueued = client.transaction !== undefined && !leaves;
  return flags.has('denyoom') || isQueued ? messages.outOfMemory : undefined;
}

function refuseWrite(
  server: ServerState,
  command: Command,
  flags: ReadonlySet<CommandFlag>,
): string | undefined {
  const writes = flags.has('write');
  const diskError = writes || command.name === 'ping' ? server.persistence?.writeRefusal() : undefined;
  if (diskError !== undefined) return diskError;
  if (writes && lacksReplicas(server)) return messages.noReplicas;
  return writes && server.isReadonlyReplica ? messages.readonly : undefined;
}

function refuseByState(
  server: ServerState,
  client: Client,
  command: Command,
  flags: ReadonlySet<CommandFlag>,
): string | undefined {
  if (client.isSubscriber && client.protocol === 2 && !subscriberCommands.has(command.name)) {
    return `ERR Can't execute '${command.name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`;
  }
  if (server.isStale && !flags.has('stale')) return messages.masterDown;
  if (server.isLoading && !flags.has('loading')) return messages.loading;
  if (server.script !== undefined && !command.flags.has('allow_busy')) {
    return server.script.kind === 'eval' ? messages.busyScript : messages.busyFunction;
  }
  return undefined;
}

/** While clients are paused; the command is looked at again when the pause is over. */
function mustWait(server: ServerState, flags: ReadonlySet<CommandFlag>): boolean {
  if (!server.isPaused || server.pause === undefined) return false;
  return server.pause.mode === 'all' || flags.has('write') || flags.has('may_replicate');
}

function reject(
  server: ServerState,
  client: Client,
  command: Command | undefined,
  words: readonly Bytes[],
  message: string,
): void {
  if (client.transaction !== undefined) client.transaction.isBroken = true;
  if (command !== undefined) server.statistics.command(command.name).rejected += 1;
  let reply: ErrorReply = errorReply(message);
  if (command?.name === 'exec') {
    client.transaction = undefined;
    client.isDirty = false;
    server.watches.removeAll(client);
    reply = errorReply(`EXECABORT Transaction discarded because of: ${message.replace(/^ERR /, '')}`);
    showToMonitors(server, client, words);
  }
  server.statistics.addError(reply.message);
  client.send(reply);
}

/** What C prints of it: up to the first zero byte. */
function cString(word: Bytes): Bytes {
  const end = word.indexOf('\0');
  return end === -1 ? word : word.slice(0, end);
}
