/** Taking members off the ends of sorted sets, also by clients that wait for some. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { syntaxError } from '../../errors.ts';
import { double, nullArray, type Reply } from '../../reply/reply.ts';
import type { ScoredMember, SortedSetValue } from '../../values/sorted-set-value.ts';
import type { Context, Run } from '../context.ts';
import type { Runs } from '../family.ts';
import { blockingPop, readTake, type Take } from '../taking-first.ts';

type End = 'min' | 'max';

/** In the order in which they are taken. */
function popMembers(set: SortedSetValue, end: End, count: number): ScoredMember[] {
  const taken = Math.min(count, set.size);
  const members = end === 'min' ? set.slice(0, taken) : set.slice(set.size - taken, set.size).reverse();
  for (const { member } of members) set.delete(member);
  return members;
}

function popFrom(context: Context, key: Bytes, set: SortedSetValue, end: End, count: number): ScoredMember[] {
  const members = popMembers(set, end, count);
  context.notify('zset', `zpop${end}`, key);
  context.changed(key, members.length);
  context.deleteIfEmpty(key, set);
  return members;
}

function pop(end: End): Run {
  return (context) => {
    if (context.words.length > 3) throw syntaxError();
    const count = context.words.length === 3 ? context.natural(2) : undefined;
    const key = context.word(1);
    const set = context.write('zset', key);
    if (set === undefined || count === 0) return [];
    const members = popFrom(context, key, set, end, count ?? 1);
    const isNested = context.client.protocol === 3 && count !== undefined;
    return isNested ? pairsOf(members) : pairsOf(members).flat();
  };
}

function pairsOf(members: readonly ScoredMember[]): Reply[][] {
  return members.map(({ member, score }) => [member, double(score)]);
}

function take(context: Context, key: Bytes, set: SortedSetValue, { end, count }: Take<End>): Reply {
  const members = popFrom(context, key, set, end, count ?? 1);
  const name = `ZPOP${end.toUpperCase()}`;
  context.propagated = [count === undefined ? [name, key] : [name, key, String(members.length)]];
  const pairs = pairsOf(members);
  return count === undefined ? [key, ...pairs.flat()] : [key, pairs];
}

function takeFirst(context: Context, request: Take<End>): Reply | undefined {
  for (const key of request.keys) {
    const set = context.write('zset', key);
    if (set !== undefined) return take(context, key, set, request);
  }
  return undefined;
}

function takeOrWait(context: Context, request: Take<End>, timeoutMs: number): Reply {
  const taken = takeFirst(context, request);
  if (taken !== undefined) return taken;
  return context.wait({
    type: 'zset',
    keys: request.keys,
    timeoutMs,
    timedOutReply: nullArray,
    serve: (waiting, key, value) => {
      if (value.type !== 'zset') return undefined;
      const reply = take(waiting, key, value, request);
      waiting.propagateNow();
      return reply;
    },
  });
}

function endAt(context: Context, position: number): End {
  const name = context.option(position);
  if (name !== 'min' && name !== 'max') throw syntaxError();
  return name;
}

export const popping: Runs = {
  bzmpop: (context) => {
    const request = readTake(context, 2, endAt);
    return takeOrWait(context, request, context.timeoutSeconds(1));
  },
  bzpopmax: blockingPop<End>('max', takeOrWait),
  bzpopmin: blockingPop<End>('min', takeOrWait),
  zmpop: (context) => takeFirst(context, readTake(context, 1, endAt)) ?? nullArray,
  zpopmax: pop('max'),
  zpopmin: pop('min'),
};
