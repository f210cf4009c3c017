/** Runs one command: counts it, logs it, shows it to monitors, and keeps what has to be written down. */
import { quoted } from '../bytes/quote.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import type { Client } from '../clients/client.ts';
import { Context, type Command, type CommandTable } from '../commands/context.ts';
import { keyPositions } from '../commands/declaration.ts';
import { CommandError } from '../errors.ts';
import { errorReply, isError, itemsOf, status, type Reply } from '../reply/reply.ts';
import type { ServerState } from './server-state.ts';

export interface CallOptions {
  /** False where a script has turned writing down off. */
  readonly propagates?: boolean;
}

export function call(
  server: ServerState,
  client: Client,
  command: Command,
  words: readonly Bytes[],
  commands: CommandTable,
  options: CallOptions = {},
): Reply {
  const context = new Context(server, client, command, words, commands);
  if (server.callDepth === 0 && server.script === undefined) server.refreshTime();
  server.callDepth += 1;
  const dirtyBefore = server.dirty;
  const startMs = server.clock.monotonicMs();
  server.statistics.noteErrors();
  let reply: Reply;
  try {
    reply = runGuarded(context);
  } finally {
    server.callDepth -= 1;
  }
  const microseconds = Math.round((server.clock.monotonicMs() - startMs) * 1000);
  const { statistics } = server;
  statistics.addCall(command.name, microseconds);
  statistics.commandsProcessed += 1;
  statistics.rate.add(startMs);
  countErrors(server, command, reply);
  // A command has failed when there was an error, be it another client's whose waiting it ended.
  if (statistics.noteErrors()) statistics.command(command.name).failed += 1;
  if (client.blocking === undefined) logIfSlow(context, microseconds);
  if (!command.flags.has('skip_monitor') && !command.flags.has('admin'))
    showToMonitors(server, client, words);
  keepForFile(context, server.dirty > dirtyBefore, options.propagates ?? true);
  rememberKeys(context);
  return reply;
}

/** Scripts may answer with errors inside of arrays, and with those of commands, which were counted when they occurred. */
function countErrors(server: ServerState, command: Command, reply: Reply): void {
  const { statistics } = server;
  if (isError(reply)) {
    if (reply.isCounted === true) statistics.command(command.name).failed += 1;
    else statistics.addError(reply.message);
  } else if (command.flags.has('no_mandatory_keys')) {
    for (const item of itemsOf(reply)) countErrors(server, command, item);
  }
}

function runGuarded(context: Context): Reply {
  try {
    return context.command.run(context);
  } catch (thrown) {
    if (thrown instanceof CommandError) return errorReply(thrown.message);
    throw thrown;
  }
}

export function logIfSlow(context: Context, microseconds: number): void {
  const { server, client, command, words, hidden } = context;
  const { configuration } = server;
  const milliseconds = Math.floor(microseconds / 1000);
  const threshold = configuration.number('latency-monitor-threshold');
  if (threshold > 0 && milliseconds >= threshold && !command.flags.has('skip_slowlog')) {
    const event = command.flags.has('fast') ? 'fast-command' : 'command';
    server.latency.add(event, { atSeconds: Math.floor(server.nowMs / 1000), milliseconds });
  }
  const slowerThan = configuration.number('slowlog-log-slower-than');
  if (slowerThan < 0 || microseconds < slowerThan || command.flags.has('skip_slowlog')) return;
  server.slowLog.add(
    {
      atSeconds: Math.floor(server.nowMs / 1000),
      microseconds,
      words: words.map((word, index) => (hidden.has(index) ? '(redacted)' : word)),
      address: client.address,
      clientName: client.name,
    },
    configuration.number('slowlog-max-len'),
  );
}

/** Scripts show their commands as sent by `lua`. */
export function showToMonitors(server: ServerState, client: Client, words: readonly Bytes[]): void {
  if (server.monitors.size === 0 || server.isLoading) return;
  const nowMs = server.clock.nowMs();
  const seconds = Math.floor(nowMs / 1000);
  const microseconds = String(Math.floor((nowMs - seconds * 1000) * 1000)).padStart(6, '0');
  const origin = client.isScript ? 'lua' : client.address;
  const line = `${seconds}.${microseconds} [${client.database} ${origin}] ${words.map(quoted).join(' ')}`;
  for (const monitor of server.monitors) monitor.send(status(line));
}

function keepForFile(context: Context, hasChanged: boolean, propagates: boolean): void {
  const { server, client, command, words, propagated } = context;
  if (!propagates || command.name === 'exec' || (!hasChanged && !context.isForced)) {
    // A command may have to write down something although it changed nothing itself.
    if (propagates) for (const each of propagated ?? []) server.propagate(client.database, each);
    return;
  }
  for (const each of propagated ?? [words]) server.propagate(client.database, each);
}

/** Keys that a client with a cache of its own has read. */
function rememberKeys({ server, client, command, words }: Context): void {
  if (!command.flags.has('readonly') || command.flags.has('pubsub')) return;
  const reader = client.isScript ? server.script?.caller : client;
  if (reader?.tracking === undefined || command.flags.has('no_mandatory_keys')) return;
  const keys = command.keys.flatMap((spec) => keyPositions(spec, words) ?? []).map((at) => words[at] ?? '');
  server.tracking.remember(reader, keys);
}

/** Ends a command that a client sent: what it changed is written down as one, and caches are told. */
export function afterCommand(server: ServerState): void {
  if (server.callDepth > 0) return;
  const commands = server.takePropagated();
  if (commands.length > 0) server.persistence?.append(commands);
  server.tracking.sendPending(server.current);
}
