/**
 * Runs a script or function for a client. Its time is counted in steps of the machine: after `busy-reply-threshold` it goes on in
 * slices, between which other clients are told that the server is busy, and may kill it.
 */
import { denialFor } from '../acl/permissions.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import { Client } from '../clients/client.ts';
import type { Command, Context } from '../commands/context.ts';
import { afterCommand, call } from '../engine/call.ts';
import { hasWrongArity, lacksReplicas } from '../engine/checks.ts';
import { serveWaiting } from '../engine/serve-waiting.ts';
import type { ServerState } from '../engine/server-state.ts';
import { messages } from '../errors.ts';
import { toText } from '../lua/conversions.ts';
import { ScriptKilled } from '../lua/errors.ts';
import { LuaError } from '../lua/lua-error.ts';
import { lineOf } from '../lua/frames.ts';
import { displayText } from '../lua/libraries/base.ts';
import type { Machine } from '../lua/machine.ts';
import { LuaTable, Closure, type LuaFunction, type LuaValue } from '../lua/values.ts';
import { errorReply, isError, noReply, type Reply } from '../reply/reply.ts';
import { replyFromLua, withCode } from './lua-values.ts';
import type { RunningScript, ScriptCalls } from './running-script.ts';
import type { ScriptFlag } from './script-flags.ts';

export interface ScriptRequest {
  readonly kind: 'eval' | 'function';
  readonly name: Bytes;
  readonly machine: Machine;
  readonly callee: LuaFunction;
  /** Undefined for a script without a header. */
  readonly flags: ReadonlySet<ScriptFlag> | undefined;
  readonly keys: readonly Bytes[];
  readonly args: readonly Bytes[];
  /** By a command that may only read. */
  readonly isReadonly: boolean;
}

/** Steps that stand for a millisecond: about what the machine does in one. */
const stepsPerMs = 20_000;
/** Where a script cannot be interrupted: inside a transaction, or a function that native code calls. */
const uninterruptibleStepsMax = 200_000_000;

export function runScript(context: Context, request: ScriptRequest): Reply {
  const { server, client } = context;
  const refusal = refuseToRun(server, request);
  if (refusal !== undefined) return errorReply(refusal);
  const scriptClient = clientFor(client, server);
  const running: RunningScript = {
    kind: request.kind,
    name: request.name,
    caller: client,
    client: scriptClient,
    words: context.words,
    startedAtMs: server.nowMs,
    hasWritten: false,
    isKilled: false,
  };
  // Its effects are written down, not the script.
  context.propagated = [];
  const run = new ScriptRun(context, request, running);
  return run.start();
}

function refuseToRun(server: ServerState, { flags, isReadonly }: ScriptRequest): string | undefined {
  if (flags === undefined) return server.isStale ? messages.masterDown : undefined;
  if (server.isStale && !flags.has('allow-stale')) {
    return "MASTERDOWN Link with MASTER is down, replica-serve-stale-data is set to 'no' and 'allow-stale' flag is not set on the script.";
  }
  if (!flags.has('no-writes')) {
    if (server.isReadonlyReplica) return 'READONLY Can not run script with write flag on readonly replica';
    const diskRefusal = server.persistence?.scriptRefusal();
    if (diskRefusal !== undefined) return diskRefusal;
    if (isReadonly) return 'ERR Can not execute a script with write flag using *_ro command.';
    if (lacksReplicas(server)) return messages.noReplicas;
  }
  const mayExceed = flags.has('allow-oom') || flags.has('no-writes');
  return server.isOutOfMemory && !mayExceed
    ? "OOM allow-oom flag is not set on the script, can not run it when used memory > 'maxmemory'"
    : undefined;
}

function clientFor(caller: Client, server: ServerState): Client {
  const client = new Client(caller.id, { remote: caller.address, local: caller.localAddress }, server.nowMs, {
    send: () => undefined,
    close: () => undefined,
  });
  client.database = caller.database;
  client.user = caller.user;
  client.isAuthenticated = true;
  client.mayBlock = false;
  client.isScript = true;
  client.isReplay = caller.isReplay;
  return client;
}

class ScriptRun implements ScriptCalls {
  readonly #context: Context;
  readonly #request: ScriptRequest;
  readonly #running: RunningScript;
  #propagates = true;
  #isBusy = false;
  /** For a function that is native code, which cannot be interrupted. */
  #runNative: (() => LuaValue[]) | undefined;

  constructor(context: Context, request: ScriptRequest, running: RunningScript) {
    this.#context = context;
    this.#request = request;
    this.#running = running;
  }

  get protocol(): 2 | 3 {
    return this.#running.client.protocol;
  }

  setProtocol(protocol: 2 | 3): void {
    this.#running.client.protocol = protocol;
  }

  setPropagates(propagates: boolean): void {
    this.#propagates = propagates;
  }

  start(): Reply {
    const { server, client } = this.#context;
    const { machine, kind, callee, keys, args } = this.#request;
    server.script = this.#running;
    machine.enter();
    const keyTable = listOf(keys);
    const argumentTable = listOf(args);
    if (kind === 'eval') {
      machine.globals.setRaw('KEYS', keyTable);
      machine.globals.setRaw('ARGV', argumentTable);
    }
    if (callee instanceof Closure) machine.begin(callee, kind === 'eval' ? [] : [keyTable, argumentTable]);
    else this.#runNative = () => machine.call(callee, [keyTable, argumentTable]);
    // Inside a transaction or another command the rest has to wait for it.
    const canBeInterrupted = server.callDepth === 1 && client.mayBlock;
    machine.stepsLeft = canBeInterrupted
      ? server.configuration.number('busy-reply-threshold') * stepsPerMs || Infinity
      : uninterruptibleStepsMax;
    const reply = this.#proceed();
    if (reply !== undefined) return reply;
    if (!canBeInterrupted)
      return this.#end(killedReply(this.#request, 'Script took too long in a transaction'));
    server.log(
      'warning',
      `Slow script detected: still in execution after ${server.configuration.number('busy-reply-threshold')} milliseconds. You can try killing the script using the ${kind === 'eval' ? 'SCRIPT KILL' : 'FUNCTION KILL'} command. Script name is: ${this.#request.name}.`,
    );
    this.#isBusy = true;
    client.blocking = {
      kind: 'script',
      timedOutReply: null,
      canBeUnblocked: false,
      release: () => undefined,
    };
    this.#scheduleSlice();
    return noReply;
  }

  call(words: readonly Bytes[]): Reply {
    const { server, commands } = this.#context;
    const { client } = this.#running;
    const command = commands.find(words);
    if (command === undefined || hasWrongArity(command, words)) {
      if (command !== undefined) server.statistics.command(command.name).rejected += 1;
      return this.#refuse(
        command === undefined
          ? 'Unknown Redis command called from script'
          : 'Wrong number of args calling Redis command from script',
      );
    }
    const refusal = this.#refusalOf(command, words);
    if (refusal !== undefined) {
      server.statistics.command(command.name).rejected += 1;
      return this.#refuse(refusal);
    }
    if (command.flags.has('write')) this.#running.hasWritten = true;
    client.lastCommand = command.name;
    return call(server, client, command, words, commands, { propagates: this.#propagates });
  }

  mayRun(words: readonly Bytes[]): boolean | undefined {
    const { server, commands } = this.#context;
    const command = commands.find(words);
    if (command === undefined) return undefined;
    const user = server.users.get(this.#running.caller.user);
    return user === undefined || denialFor(user, command, words) === undefined;
  }

  #refuse(text: string): Reply {
    const message = withCode(text);
    const { statistics } = this.#context.server;
    statistics.addError(message);
    // It is the refused command that failed, not the script, which may go on.
    statistics.noteErrors();
    return { ...errorReply(message), isCounted: true };
  }

  /** With a dash in front of a code of its own. */
  #refusalOf(command: Command, words: readonly Bytes[]): string | undefined {
    const { server } = this.#context;
    const { flags } = command;
    if (flags.has('noscript')) return 'This Redis command is not allowed from script';
    if (server.isStale && !flags.has('stale')) return 'Can not execute the command on a stale replica';
    const user = server.users.get(this.#running.caller.user);
    const denial = user === undefined ? undefined : denialFor(user, command, words);
    if (denial !== undefined) {
      return denial.reason === 'command'
        ? "The user executing the script can't run this command or subcommand"
        : denial.reason === 'key'
          ? "The user executing the script can't access at least one of the keys mentioned in the command arguments"
          : "The user executing the script can't publish to the channel mentioned in the command";
    }
    return this.#refusalOfWrite(command);
  }

  #refusalOfWrite({ flags }: Command): string | undefined {
    const { server } = this.#context;
    const { isReadonly, flags: declared } = this.#request;
    const isReadonlyScript = isReadonly || declared?.has('no-writes') === true;
    if (isReadonlyScript && (flags.has('write') || flags.has('may_replicate'))) {
      return 'Write commands are not allowed from read-only scripts.';
    }
    const { hasWritten } = this.#running;
    if (flags.has('write') && !hasWritten) {
      if (server.isReadonlyReplica) return `-${messages.readonly}`;
      const diskRefusal = server.persistence?.writeRefusal();
      if (diskRefusal !== undefined) return `-${diskRefusal}`;
      if (lacksReplicas(server)) return `-${messages.noReplicas}`;
    }
    const mayExceed = declared?.has('allow-oom') === true || hasWritten;
    return server.isOutOfMemory && flags.has('denyoom') && !mayExceed
      ? `-${messages.outOfMemory}`
      : undefined;
  }

  /** Undefined when it is to be continued. */
  #proceed(): Reply | undefined {
    const { server } = this.#context;
    const { machine } = this.#request;
    const { host } = this.#request.kind === 'eval' ? server.scripts : server.functions;
    machine.onStepsExhausted = () => {
      // Inside of native code it goes on for a while, and is ended then.
      if (machine.stepsLeft < -uninterruptibleStepsMax || this.#running.isKilled) {
        throw new ScriptKilled('Script killed by user with SCRIPT KILL...');
      }
    };
    host.calls = this;
    try {
      const progress =
        this.#runNative === undefined
          ? machine.proceed()
          : { kind: 'finished' as const, values: this.#runNative() };
      if (progress.kind === 'interrupted') return undefined;
      return this.#end(replyFromLua(progress.values[0], this.protocol));
    } catch (thrown) {
      if (thrown instanceof ScriptKilled) return this.#end(killedReply(this.#request, thrown.message));
      if (!(thrown instanceof LuaError)) {
        this.#end(null);
        throw thrown;
      }
      return this.#end(failureReply(this.#request, thrown));
    } finally {
      host.calls = undefined;
    }
  }

  #end(reply: Reply): Reply {
    this.#context.server.script = undefined;
    return reply;
  }

  #scheduleSlice(): void {
    const { server } = this.#context;
    server.clock.timer(1, () => this.#runSlice());
  }

  #runSlice(): void {
    const { server, client } = this.#context;
    const { machine } = this.#request;
    if (server.script !== this.#running || !this.#isBusy) return;
    let reply: Reply | undefined;
    if (this.#running.isKilled) {
      server.log('warning', 'Lua script killed by user with SCRIPT KILL.');
      reply = this.#end(killedReply(this.#request, 'Script killed by user with SCRIPT KILL...'));
    } else {
      machine.stepsLeft = stepsPerMs;
      server.nowMs = this.#running.startedAtMs;
      reply = this.#proceed();
    }
    if (reply === undefined) {
      this.#scheduleSlice();
    } else {
      server.current = client;
      if (isError(reply) && reply.isCounted !== true) server.statistics.addError(reply.message);
      client.send(reply);
      server.unblock(client);
      afterCommand(server);
      server.current = undefined;
      serveWaiting(server);
    }
    server.onLateChange();
  }
}

/** `CODE text script: <sha>, on @user_script:3.` */
function failureReply({ name, machine }: ScriptRequest, { value, place }: LuaError): Reply {
  const table = value instanceof LuaTable ? value : undefined;
  const text =
    table === undefined ? `ERR ${toText(displayText(value, machine)) ?? '(null)'}` : errorOf(table);
  const where = place === undefined ? '' : ` script: ${name}, on ${place.source}:${place.line}.`;
  const reply = errorReply(text + where);
  return table?.get('ignore_error_stats_update') === true ? { ...reply, isCounted: true } : reply;
}

function killedReply({ name, machine }: ScriptRequest, text: string): Reply {
  const frame = machine.current.frames.at(-1);
  const where =
    frame === undefined ? '' : ` script: ${name}, on ${frame.closure.prototype.source}:${lineOf(frame)}.`;
  return errorReply(`ERR ${text}${where}`);
}

function errorOf(table: LuaTable): Bytes {
  return toText(table.get('err')) ?? '(null)';
}

function listOf(items: readonly Bytes[]): LuaTable {
  const table = new LuaTable();
  items.forEach((item, index) => table.set(index + 1, item));
  return table;
}
