/** When keys expire. */
import { untilNul } from '../../bytes/byte-string.ts';
import { plainError } from '../../errors.ts';
import { int64Max, int64Min } from '../../numbers/integers.ts';
import type { Reply } from '../../reply/reply.ts';
import type { Context, Run } from '../context.ts';
import type { Runs } from '../family.ts';

interface Condition {
  readonly nx: boolean;
  readonly xx: boolean;
  readonly gt: boolean;
  readonly lt: boolean;
}

function readCondition(context: Context): Condition {
  const given = new Set<string>();
  for (let at = 3; at < context.words.length; at += 1) {
    const name = context.option(at);
    if (!['nx', 'xx', 'gt', 'lt'].includes(name))
      throw plainError(`Unsupported option ${untilNul(context.word(at))}`);
    given.add(name);
  }
  const [nx, xx, gt, lt] = ['nx', 'xx', 'gt', 'lt'].map((name) => given.has(name));
  if (nx === true && (xx === true || gt === true || lt === true)) {
    throw plainError('NX and XX, GT or LT options at the same time are not compatible');
  }
  if (gt === true && lt === true) {
    throw plainError('GT and LT options at the same time are not compatible');
  }
  return { nx: nx ?? false, xx: xx ?? false, gt: gt ?? false, lt: lt ?? false };
}

function expire(isAbsolute: boolean, inSeconds: boolean): Run {
  return (context) => {
    const condition = readCondition(context);
    let when = context.int64(2);
    const invalid = plainError(`invalid expire time in '${context.command.name}' command`);
    if (inSeconds) {
      if (when > int64Max / 1000n || when < int64Min / 1000n) throw invalid;
      when *= 1000n;
    }
    const base = isAbsolute ? 0n : BigInt(context.nowMs);
    if (when > int64Max - base) throw invalid;
    return expireAt(context, Number(when + base), condition);
  };
}

function expireAt(context: Context, atMs: number, { nx, xx, gt, lt }: Condition): Reply {
  const { database, server } = context;
  const key = context.word(1);
  if (server.keyspace.write(database, key) === undefined) return 0;
  const current = server.keyspace.expireAt(database, key);
  if ((nx && current !== undefined) || (xx && current === undefined)) return 0;
  if (gt && (current === undefined || atMs <= current)) return 0;
  if (lt && current !== undefined && atMs >= current) return 0;
  if (atMs <= context.nowMs && !server.isLoading && server.master === undefined) {
    context.delete(key);
    server.dirty += 1;
    context.propagated = [['DEL', key]];
    context.notify('generic', 'del', key);
    return 1;
  }
  server.keyspace.setExpiry(database, key, atMs);
  context.propagated = [['PEXPIREAT', key, String(atMs), ...context.words.slice(3)]];
  context.changed(key);
  context.notify('generic', 'expire', key);
  return 1;
}

function timeToLive(isAbsolute: boolean, inSeconds: boolean): Run {
  return (context) => {
    const { database, server } = context;
    const key = context.word(1);
    if (server.keyspace.read(database, key, 'no touch') === undefined) return -2;
    const atMs = server.keyspace.expireAt(database, key);
    if (atMs === undefined) return -1;
    const left = isAbsolute ? atMs : Math.max(0, atMs - context.nowMs);
    return inSeconds ? Math.floor((left + 500) / 1000) : left;
  };
}

export const expiry: Runs = {
  expire: expire(false, true),
  expireat: expire(true, true),
  expiretime: timeToLive(true, true),
  persist: (context) => {
    const { database, server } = context;
    const key = context.word(1);
    if (server.keyspace.write(database, key) === undefined) return 0;
    if (server.keyspace.expireAt(database, key) === undefined) return 0;
    server.keyspace.setExpiry(database, key, undefined);
    context.changed(key);
    context.notify('generic', 'persist', key);
    return 1;
  },
  pexpire: expire(false, false),
  pexpireat: expire(true, false),
  pexpiretime: timeToLive(true, false),
  pttl: timeToLive(false, false),
  ttl: timeToLive(false, true),
};
