/** Members of sets. */
import { plainError, syntaxError } from '../../errors.ts';
import { set, type Reply } from '../../reply/reply.ts';
import { SetValue } from '../../values/set-value.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { drawMembers } from '../random-choice.ts';
import { readCursor, scanMembers } from '../scanning.ts';

function sadd(context: Context): Reply {
  const key = context.word(1);
  const target = context.writeOrCreate('set', key, () => new SetValue());
  const limits = context.server.configuration.encodingLimits;
  const added = context.words.slice(2).filter((member) => target.add(member, limits)).length;
  if (added > 0) {
    context.changed(key, added);
    context.notify('set', 'sadd', key);
  }
  return added;
}

function srem(context: Context): Reply {
  const key = context.word(1);
  const target = context.write('set', key);
  if (target === undefined) return 0;
  const removed = context.words.slice(2).filter((member) => target.delete(member)).length;
  if (removed > 0) {
    context.changed(key, removed);
    context.notify('set', 'srem', key);
    context.deleteIfEmpty(key, target);
  }
  return removed;
}

function smove(context: Context): Reply {
  const [, from = '', to = '', member = ''] = context.words;
  const { database, server } = context;
  // Both are looked up before the type of either matters.
  if (server.keyspace.write(database, from) === undefined) {
    server.keyspace.write(database, to);
    return 0;
  }
  const source = context.write('set', from);
  const target = context.write('set', to);
  if (source === undefined) return 0;
  if (source === target) return source.has(member) ? 1 : 0;
  if (!source.delete(member)) return 0;
  context.notify('set', 'srem', from);
  context.deleteIfEmpty(from, source);
  const receiver = context.writeOrCreate('set', to, () => new SetValue());
  context.changed(from);
  if (receiver.add(member, server.configuration.encodingLimits)) {
    context.changed(to);
    context.notify('set', 'sadd', to);
  }
  return 1;
}

function spop(context: Context): Reply {
  const { server, words } = context;
  const key = context.word(1);
  if (words.length > 3) throw syntaxError();
  const count = words.length === 3 ? context.natural(2) : undefined;
  const target = context.write('set', key);
  if (target === undefined) return count === undefined ? null : set([]);
  if (count === 0) return set([]);
  // All of them are read as SUNION reads a set.
  if (count !== undefined && count >= target.size) server.keyspace.read(context.database, key);
  const drawn = drawMembers(target, count ?? 1, () => target.members(), server.random);
  for (const member of drawn) target.delete(member);
  context.notify('set', 'spop', key);
  const isDeleted = context.deleteIfEmpty(key, target);
  context.changed(key, drawn.length);
  context.propagated = [isDeleted && count !== undefined ? ['DEL', key] : ['SREM', key, ...drawn]];
  return count === undefined ? (drawn[0] ?? null) : set(drawn);
}

function srandmember(context: Context): Reply {
  const { server, words } = context;
  if (words.length > 3) throw syntaxError();
  if (words.length === 2) return context.read('set', context.word(1))?.random(server.random) ?? null;
  const count = context.integer(2);
  if (count <= -(2 ** 63)) {
    throw plainError(
      'value is out of range, value must between -9223372036854775807 and 9223372036854775807',
    );
  }
  const target = context.read('set', context.word(1));
  if (target === undefined || count === 0) return [];
  return drawMembers(target, count, () => target.members(), server.random);
}

export const members: Runs = {
  sadd,
  scard: (context) => context.read('set', context.word(1))?.size ?? 0,
  sismember: (context) => (context.read('set', context.word(1))?.has(context.word(2)) === true ? 1 : 0),
  smembers: (context) => set(context.read('set', context.word(1))?.members() ?? []),
  smismember: (context) => {
    const target = context.read('set', context.word(1));
    return context.words.slice(2).map((member) => (target?.has(member) === true ? 1 : 0));
  },
  smove,
  spop,
  srandmember,
  srem,
  sscan: (context) => {
    readCursor(context, 2);
    const target = context.read('set', context.word(1));
    const compact = target?.encoding === 'intset' ? target.members() : undefined;
    return scanMembers(context, target, compact, (member) => [member]);
  },
};
