/** Taking members off the ends of sorted sets, also by clients that wait for some. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { syntaxError } from '../../errors.ts';
import { double, nullArray, type Reply } from '../../reply/reply.ts';
import type { ScoredMember, SortedSetValue } from '../../values/sorted-set-value.ts';
import type { Context, Run } from '../context.ts';
import { atLeastOne } from '../counts.ts';
import type { Runs } from '../family.ts';

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

interface Take {
  readonly keys: readonly Bytes[];
  readonly end: End;
  /** Undefined for one member that follows its key. */
  readonly count: number | undefined;
}

function take(context: Context, key: Bytes, set: SortedSetValue, { end, count }: Take): Reply {
  const members = popFrom(context, key, set, end, count ?? 1);
  const name = `ZPOP${end.toUpperCase()}`;
  context.propagated = [count === undefined ? [name, key] : [name, key, String(members.length)]];
  const pairs = pairsOf(members);
  return count === undefined ? [key, ...pairs.flat()] : [key, pairs];
}

function takeFirst(context: Context, request: Take): Reply | undefined {
  for (const key of request.keys) {
    const set = context.write('zset', key);
    if (set !== undefined) return take(context, key, set, request);
  }
  return undefined;
}

function takeOrWait(context: Context, request: Take, timeoutMs: number): Reply {
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

function blockingPop(end: End): Run {
  return (context) => {
    const last = context.words.length - 1;
    const timeoutMs = context.timeoutSeconds(last);
    return takeOrWait(context, { keys: context.words.slice(1, last), end, count: undefined }, timeoutMs);
  };
}

/** `numkeys key … MIN|MAX [COUNT n]` from a position on. */
function readTake(context: Context, position: number): Take {
  const keyCount = atLeastOne(context, position, 'numkeys should be greater than 0');
  const endAt = position + keyCount + 1;
  if (endAt >= context.words.length) throw syntaxError();
  const end = context.option(endAt);
  if (end !== 'min' && end !== 'max') throw syntaxError();
  let count: number | undefined;
  for (let at = endAt + 1; at < context.words.length; at += 2) {
    if (count !== undefined || context.option(at) !== 'count' || at + 1 >= context.words.length)
      throw syntaxError();
    count = atLeastOne(context, at + 1, 'count should be greater than 0');
  }
  return { keys: context.words.slice(position + 1, endAt), end, count: count ?? 1 };
}

export const popping: Runs = {
  bzmpop: (context) => {
    const request = readTake(context, 2);
    return takeOrWait(context, request, context.timeoutSeconds(1));
  },
  bzpopmax: blockingPop('max'),
  bzpopmin: blockingPop('min'),
  zmpop: (context) => takeFirst(context, readTake(context, 1)) ?? nullArray,
  zpopmax: pop('max'),
  zpopmin: pop('min'),
};
