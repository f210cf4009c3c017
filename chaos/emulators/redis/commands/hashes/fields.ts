/** Fields of hashes. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { map, ok, type Reply } from '../../reply/reply.ts';
import { HashValue } from '../../values/hash-value.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { scanMembers, readCursor } from '../scanning.ts';

/** How many fields are new. */
function setFields(context: Context): number {
  if (context.words.length % 2 === 1) throw context.wrongArity();
  const key = context.word(1);
  const hash = context.writeOrCreate('hash', key, () => new HashValue());
  const limits = context.server.configuration.encodingLimits;
  let created = 0;
  for (let at = 2; at < context.words.length; at += 2) {
    if (hash.set(context.word(at), context.word(at + 1), limits)) created += 1;
  }
  context.changed(key, (context.words.length - 2) / 2);
  context.notify('hash', 'hset', key);
  return created;
}

function hsetnx(context: Context): Reply {
  const key = context.word(1);
  const field = context.word(2);
  const hash = context.writeOrCreate('hash', key, () => new HashValue());
  if (hash.has(field)) return 0;
  hash.set(field, context.word(3), context.server.configuration.encodingLimits);
  context.changed(key);
  context.notify('hash', 'hset', key);
  return 1;
}

function hdel(context: Context): Reply {
  const key = context.word(1);
  const hash = context.write('hash', key);
  if (hash === undefined) return 0;
  const deleted = context.words.slice(2).filter((field) => hash.delete(field)).length;
  if (deleted > 0) {
    context.changed(key, deleted);
    context.notify('hash', 'hdel', key);
    context.deleteIfEmpty(key, hash);
  }
  return deleted;
}

function hscan(context: Context): Reply {
  readCursor(context, 2);
  const hash = context.read('hash', context.word(1));
  const compact = hash?.encoding === 'listpack' ? [...hash.fields()] : undefined;
  return scanMembers(context, hash, compact, (field): Bytes[] => [field, hash?.get(field) ?? '']);
}

function valueAt(context: Context): Bytes | undefined {
  return context.read('hash', context.word(1))?.get(context.word(2));
}

export const fields: Runs = {
  hdel,
  hexists: (context) => (context.read('hash', context.word(1))?.has(context.word(2)) === true ? 1 : 0),
  hget: (context) => valueAt(context) ?? null,
  hgetall: (context) => map([...(context.read('hash', context.word(1))?.entries() ?? [])]),
  hkeys: (context) => [...(context.read('hash', context.word(1))?.fields() ?? [])],
  hlen: (context) => context.read('hash', context.word(1))?.size ?? 0,
  hmget: (context) => {
    const hash = context.read('hash', context.word(1));
    return context.words.slice(2).map((field) => hash?.get(field) ?? null);
  },
  hmset: (context) => {
    setFields(context);
    return ok;
  },
  hscan,
  hset: setFields,
  hsetnx,
  hstrlen: (context) => valueAt(context)?.length ?? 0,
  hvals: (context) => [...(context.read('hash', context.word(1))?.values() ?? [])],
};
