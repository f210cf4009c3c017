/** What a command works with: its words, the client that sent it, and the server. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { Client } from '../clients/client.ts';
import type { WaitType } from '../clients/key-waits.ts';
import type { ServerState } from '../engine/server-state.ts';
import { CommandError, messages, plainError, wrongType } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import type { LookupOption } from '../keyspace/keyspace.ts';
import type { EventClass } from '../keyspace/notifications.ts';
import { parseDouble } from '../numbers/strtod.ts';
import { fitsInt64, parseInt64, parseInteger } from '../numbers/integers.ts';
import { ceilOfProduct, parseLongDouble } from '../numbers/long-double.ts';
import { noReply, type Reply } from '../reply/reply.ts';
import type { Value, ValueByType, ValueType } from '../values/value.ts';
import type { CommandDeclaration } from './declaration.ts';

/** 24 days: timers take no more, and a wait that long ends then. */
const timerMsMax = 2 ** 31 - 1;

export type Run = (context: Context) => Reply;

export interface Command extends CommandDeclaration {
  readonly run: Run;
  readonly subcommands: ReadonlyMap<string, Command> | undefined;
}

/** All commands, by name. */
export interface CommandTable {
  readonly all: ReadonlyMap<string, Command>;
  /** The command or subcommand that the words mean. */
  find(words: readonly Bytes[]): Command | undefined;
}

/** Who waits for keys, and for what. */
export interface WaitRequest {
  readonly type: WaitType;
  readonly keys: readonly Bytes[];
  /** 0 waits for ever. */
  readonly timeoutMs: number;
  readonly timedOutReply: Reply;
  /** Where nothing may wait; as if the time were over unless given. */
  readonly deniedReply?: Reply;
  readonly streamGone?: Reply;
  serve(context: Context, key: Bytes, value: Value): Reply | undefined;
}

export class Context {
  readonly server: ServerState;
  readonly client: Client;
  readonly command: Command;
  readonly words: readonly Bytes[];
  readonly commands: CommandTable;
  /** What is written down instead of the words; empty for nothing. */
  propagated: readonly (readonly Bytes[])[] | undefined = undefined;
  /** Written down although nothing changed. */
  isForced = false;
  /** What logs show instead of a password. */
  readonly hidden = new Set<number>();

  constructor(
    server: ServerState,
    client: Client,
    command: Command,
    words: readonly Bytes[],
    commands: CommandTable,
  ) {
    this.server = server;
    this.client = client;
    this.command = command;
    this.words = words;
    this.commands = commands;
  }

  get database(): Database {
    return this.server.keyspace.at(this.client.database);
  }

  get nowMs(): number {
    return this.server.nowMs;
  }

  /** Empty where there is none. */
  word(index: number): Bytes {
    return this.words[index] ?? '';
  }

  /** In lower case, for options and subcommands. */
  option(index: number): string {
    return this.word(index).toLowerCase();
  }

  /** Sizes and positions: rounded beyond 2^53. */
  integer(index: number, refusal: string = messages.notInteger): number {
    const value = parseInteger(this.word(index));
    if (value === undefined) throw new CommandError(refusal);
    return value;
  }

  /** Within 32 bits, as numbers of databases are. */
  int32(index: number, refusal?: string): number {
    const value = this.integer(index, refusal);
    if (Math.abs(value) < 2 ** 31 || value === -(2 ** 31)) return value;
    throw new CommandError(
      refusal ?? 'ERR value is out of range, value must between -2147483648 and 2147483647',
    );
  }

  /** At least 0. */
  natural(index: number, refusal = 'ERR value is out of range, must be positive'): number {
    const value = this.integer(index, refusal);
    if (value < 0) throw new CommandError(refusal);
    return value;
  }

  int64(index: number, refusal: string = messages.notInteger): bigint {
    const value = parseInt64(this.word(index));
    if (value === undefined) throw new CommandError(refusal);
    return value;
  }

  double(index: number, refusal: string = messages.notFloat): number {
    const value = parseDouble(this.word(index));
    if (value === undefined) throw new CommandError(refusal);
    return value;
  }

  /** How long to wait, in seconds that may have a fraction; 0 for ever. */
  timeoutSeconds(index: number): number {
    const seconds = parseLongDouble(this.word(index));
    if (seconds === undefined) throw plainError('timeout is not a float or out of range');
    const milliseconds = ceilOfProduct(seconds, 1000n);
    // What 64 bits cannot hold becomes the smallest number in C.
    if (milliseconds === undefined || milliseconds < 0n || !fitsInt64(milliseconds)) {
      throw plainError('timeout is negative');
    }
    return Number(milliseconds);
  }

  timeoutMilliseconds(index: number): number {
    const milliseconds = this.integer(index, 'ERR timeout is not an integer or out of range');
    if (milliseconds < 0) throw plainError('timeout is negative');
    return milliseconds;
  }

  read<T extends ValueType>(type: T, key: Bytes, option?: LookupOption): ValueByType[T] | undefined {
    return ofType(type, this.server.keyspace.read(this.database, key, option));
  }

  write<T extends ValueType>(type: T, key: Bytes): ValueByType[T] | undefined {
    return ofType(type, this.server.keyspace.write(this.database, key));
  }

  /** The key's value, or a new one that is put there. */
  writeOrCreate<T extends ValueType>(type: T, key: Bytes, create: () => ValueByType[T]): ValueByType[T] {
    const found = this.write(type, key);
    if (found !== undefined) return found;
    const made = create();
    this.server.keyspace.add(this.database, key, made);
    return made;
  }

  /** Sets a key as a whole. */
  put(key: Bytes, value: Value, keepsExpiry = false): void {
    this.server.keyspace.put(this.database, key, value, keepsExpiry);
    this.server.dirty += 1;
  }

  /** Deletes a key that may not be there. */
  delete(key: Bytes): boolean {
    if (!this.server.keyspace.delete(this.database, key)) return false;
    this.server.keyspace.modified(this.database, key);
    return true;
  }

  /** The value of a key was changed so many times. */
  changed(key: Bytes, changes = 1): void {
    this.server.keyspace.modified(this.database, key);
    this.server.dirty += changes;
  }

  /** The same while a client is served that waited: who watches the key was told of what it got. */
  taken(key: Bytes): void {
    const entry = this.database.entry(key);
    if (entry !== undefined) this.database.count(key, entry);
  }

  /** Writes down what a client got that had waited. */
  propagateNow(): void {
    for (const words of this.propagated ?? []) this.server.propagate(this.client.database, words);
    this.propagated = undefined;
    this.server.dirty += 1;
  }

  notify(eventClass: EventClass, event: string, key: Bytes): void {
    this.server.notify(eventClass, event, this.database, key);
  }

  /** A collection that has become empty does not stay. */
  deleteIfEmpty(key: Bytes, value: { readonly size: number }): boolean {
    if (value.size > 0) return false;
    this.server.keyspace.delete(this.database, key);
    this.notify('generic', 'del', key);
    return true;
  }

  /** Lets the client wait for a key. */
  wait(request: WaitRequest): Reply {
    const { client, server } = this;
    if (!client.mayBlock) {
      return request.deniedReply === undefined ? request.timedOutReply : request.deniedReply;
    }
    const wait = {
      client,
      database: client.database,
      keys: request.keys,
      type: request.type,
      streamGone: request.streamGone,
      serve: (key: Bytes, value: Value) => request.serve(this, key, value),
    };
    server.waits.add(wait);
    this.#block(request.type, request.timeoutMs, request.timedOutReply, () => server.waits.remove(wait));
    return noReply;
  }

  /** Lets the client wait for the time to pass. */
  waitForTime(timeoutMs: number, reply: Reply): Reply {
    if (!this.client.mayBlock) return reply;
    this.#block('wait', timeoutMs, reply, () => undefined);
    return noReply;
  }

  #block(kind: WaitType | 'wait', timeoutMs: number, timedOutReply: Reply, release: () => void): void {
    const { client, server } = this;
    const timer =
      timeoutMs === 0
        ? undefined
        : server.clock.timer(Math.min(timeoutMs, timerMsMax), () => server.timeOut(client, timedOutReply));
    client.blocking = {
      kind,
      timedOutReply,
      canBeUnblocked: true,
      hasDeadline: timer !== undefined,
      release: () => {
        release();
        timer?.[Symbol.dispose]();
      },
    };
  }

  wrongArity(): CommandError {
    return plainError(`wrong number of arguments for '${this.command.name}' command`);
  }

  /** A subcommand is there, but not with such arguments. */
  wrongSubcommand(): CommandError {
    const container = this.word(0).toUpperCase();
    return plainError(
      `unknown subcommand or wrong number of arguments for '${this.word(1).slice(0, 128)}'. Try ${container} HELP.`,
    );
  }
}

export function ofType<T extends ValueType>(type: T, value: Value | undefined): ValueByType[T] | undefined {
  if (value === undefined) return undefined;
  if (value.type !== type) throw wrongType();
  return value as ValueByType[T];
}
