/** Strings as a whole: GET and SET with their variants. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { syntaxError } from '../../errors.ts';
import { ok, type Reply } from '../../reply/reply.ts';
import { StringValue } from '../../values/string-value.ts';
import type { Context } from '../context.ts';
import { expiryAt, expiryUnits, type ExpiryUnit } from '../expiry-options.ts';
import type { Runs } from '../family.ts';

interface Options {
  readonly condition: 'always' | 'nx' | 'xx';
  readonly getsOld: boolean;
  readonly keepsExpiry: boolean;
  readonly persists: boolean;
  readonly expiry: { readonly unit: ExpiryUnit; readonly position: number } | undefined;
}

/** Options of SET and GETEX, from a position on; each is refused beside one that contradicts it. */
function readOptions(context: Context, from: number, isSet: boolean): Options {
  let condition: Options['condition'] = 'always';
  let getsOld = false;
  let keepsExpiry = false;
  let persists = false;
  let expiry: (Options['expiry'] & { name: string }) | undefined;
  for (let at = from; at < context.words.length; at += 1) {
    const name = context.option(at);
    const unit = expiryUnits[name];
    const isExpiry =
      unit !== undefined && !keepsExpiry && !persists && (expiry === undefined || expiry.name === name);
    if (isSet && (name === 'nx' || name === 'xx') && (condition === 'always' || condition === name)) {
      condition = name;
    } else if (isSet && name === 'get') getsOld = true;
    else if (isSet && name === 'keepttl' && expiry === undefined) keepsExpiry = true;
    else if (!isSet && name === 'persist' && expiry === undefined) persists = true;
    else if (isExpiry && at + 1 < context.words.length) {
      at += 1;
      expiry = { unit, position: at, name };
    } else throw syntaxError();
  }
  return { condition, getsOld, keepsExpiry, persists, expiry };
}

function bytesAt(context: Context, key: Bytes): Bytes | null {
  return context.read('string', key)?.bytes ?? null;
}

function set(context: Context): Reply {
  const key = context.word(1);
  const { condition, getsOld, keepsExpiry, expiry } = readOptions(context, 3, true);
  const expireAtMs = expiry === undefined ? undefined : expiryAt(context, expiry.position, expiry.unit);
  const old = getsOld ? bytesAt(context, key) : null;
  const isThere = context.server.keyspace.write(context.database, key) !== undefined;
  if ((condition === 'nx' && isThere) || (condition === 'xx' && !isThere)) return getsOld ? old : null;
  setBytes(context, key, context.word(2), expireAtMs, keepsExpiry);
  if (expireAtMs === undefined && getsOld) {
    context.propagated = [context.words.filter((_, at) => at < 3 || context.option(at) !== 'get')];
  }
  return getsOld ? old : ok;
}

/** Sets the key, and writes an expiry down as the time that it is at. */
function setBytes(
  context: Context,
  key: Bytes,
  bytes: Bytes,
  expireAtMs: number | undefined,
  keepsExpiry = false,
): void {
  context.put(key, new StringValue(bytes), keepsExpiry);
  context.notify('string', 'set', key);
  if (expireAtMs === undefined) return;
  context.server.keyspace.setExpiry(context.database, key, expireAtMs);
  context.propagated = [['SET', key, bytes, 'PXAT', String(expireAtMs)]];
  context.notify('generic', 'expire', key);
}

function setWithExpiry(context: Context, unit: ExpiryUnit): Reply {
  setBytes(context, context.word(1), context.word(3), expiryAt(context, 2, unit));
  return ok;
}

function getex(context: Context): Reply {
  const { expiry, persists } = readOptions(context, 2, false);
  const key = context.word(1);
  const bytes = bytesAt(context, key);
  if (bytes === null) return null;
  const { keyspace } = context.server;
  const expireAtMs = expiry === undefined ? undefined : expiryAt(context, expiry.position, expiry.unit);
  if (expiry?.unit.isAbsolute === true && (expireAtMs ?? 0) <= context.nowMs && !context.client.isReplay) {
    context.delete(key);
    context.server.dirty += 1;
    context.propagated = [['DEL', key]];
    context.notify('generic', 'del', key);
  } else if (expireAtMs !== undefined) {
    keyspace.setExpiry(context.database, key, expireAtMs);
    context.propagated = [['PEXPIREAT', key, String(expireAtMs)]];
    context.changed(key);
    context.notify('generic', 'expire', key);
  } else if (persists && keyspace.expireAt(context.database, key) !== undefined) {
    keyspace.setExpiry(context.database, key, undefined);
    context.propagated = [['PERSIST', key]];
    context.changed(key);
    context.notify('generic', 'persist', key);
  }
  return bytes;
}

function getdel(context: Context): Reply {
  const key = context.word(1);
  const bytes = bytesAt(context, key);
  if (bytes === null) return null;
  context.delete(key);
  context.server.dirty += 1;
  context.propagated = [['DEL', key]];
  context.notify('generic', 'del', key);
  return bytes;
}

function pairsOf(context: Context): (readonly [Bytes, Bytes])[] {
  if (context.words.length % 2 === 0) throw context.wrongArity();
  const pairs: (readonly [Bytes, Bytes])[] = [];
  for (let at = 1; at < context.words.length; at += 2) pairs.push([context.word(at), context.word(at + 1)]);
  return pairs;
}

function setPairs(context: Context, pairs: readonly (readonly [Bytes, Bytes])[]): void {
  for (const [key, bytes] of pairs) {
    context.put(key, new StringValue(bytes));
    context.notify('string', 'set', key);
  }
}

export const getAndSet: Runs = {
  get: (context) => bytesAt(context, context.word(1)),
  getdel,
  getex,
  getset: (context) => {
    const old = bytesAt(context, context.word(1));
    context.put(context.word(1), new StringValue(context.word(2)));
    context.notify('string', 'set', context.word(1));
    context.propagated = [['SET', context.word(1), context.word(2)]];
    return old;
  },
  mget: (context) =>
    context.words.slice(1).map((key) => {
      const value = context.server.keyspace.read(context.database, key);
      return value?.type === 'string' ? value.bytes : null;
    }),
  mset: (context) => {
    setPairs(context, pairsOf(context));
    return ok;
  },
  msetnx: (context) => {
    const pairs = pairsOf(context);
    const { keyspace } = context.server;
    if (pairs.some(([key]) => keyspace.write(context.database, key) !== undefined)) return 0;
    setPairs(context, pairs);
    return 1;
  },
  psetex: (context) => setWithExpiry(context, { isAbsolute: false, inSeconds: false }),
  set,
  setex: (context) => setWithExpiry(context, { isAbsolute: false, inSeconds: true }),
  setnx: (context) => {
    const key = context.word(1);
    if (context.server.keyspace.write(context.database, key) !== undefined) return 0;
    setBytes(context, key, context.word(2), undefined);
    return 1;
  },
};
