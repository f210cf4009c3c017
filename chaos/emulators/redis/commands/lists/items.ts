/** Items of lists: adding, reading and changing them where they are. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { CommandError, messages, plainError, syntaxError } from '../../errors.ts';
import { ok, type Reply } from '../../reply/reply.ts';
import { ListValue, type ListEnd } from '../../values/list-value.ts';
import type { Context, Run } from '../context.ts';
import type { Runs } from '../family.ts';

function push(end: ListEnd, onlyExisting: boolean): Run {
  return (context) => {
    const key = context.word(1);
    if (onlyExisting && context.write('list', key) === undefined) return 0;
    const list = context.writeOrCreate('list', key, () => new ListValue());
    const items = context.words.slice(2);
    for (const item of items) list.push(end, item);
    context.changed(key, items.length);
    context.notify('list', end === 'left' ? 'lpush' : 'rpush', key);
    return list.size;
  };
}

function linsert(context: Context): Reply {
  const where = context.option(2);
  if (where !== 'before' && where !== 'after') throw syntaxError();
  const key = context.word(1);
  const list = context.write('list', key);
  if (list === undefined) return 0;
  const at = list.slice(0, list.size).indexOf(context.word(3));
  if (at === -1) return -1;
  list.insert(where === 'before' ? at : at + 1, context.word(4));
  context.changed(key);
  context.notify('list', 'linsert', key);
  return list.size;
}

function lpos(context: Context): Reply {
  let rank = 1;
  let count: number | undefined;
  let lengthMax = 0;
  for (let at = 3; at < context.words.length; at += 2) {
    const name = context.option(at);
    if (at + 1 >= context.words.length) throw syntaxError();
    if (name === 'rank') {
      rank = context.integer(at + 1);
      if (rank === 0) {
        throw plainError(
          "RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
        );
      }
    } else if (name === 'count') count = context.natural(at + 1, "ERR COUNT can't be negative");
    else if (name === 'maxlen') lengthMax = context.natural(at + 1, "ERR MAXLEN can't be negative");
    else throw syntaxError();
  }
  const list = context.read('list', context.word(1));
  const found = list === undefined ? [] : positions(list, context.word(2), rank, count ?? 1, lengthMax);
  return count === undefined ? (found[0] ?? null) : found;
}

/** Of the matches from the `rank`-th on, counted from the end when it is negative; `count` 0 gives all. */
function positions(list: ListValue, item: Bytes, rank: number, count: number, lengthMax: number): number[] {
  const items = list.slice(0, list.size);
  if (rank < 0) items.reverse();
  const searched = lengthMax === 0 ? items.length : Math.min(items.length, lengthMax);
  const found: number[] = [];
  let matches = 0;
  for (let index = 0; index < searched; index += 1) {
    if (items[index] !== item) continue;
    matches += 1;
    if (matches < Math.abs(rank)) continue;
    found.push(rank < 0 ? items.length - index - 1 : index);
    if (count > 0 && found.length >= count) break;
  }
  return found;
}

function lrange(context: Context): Reply {
  const [start, end] = [context.integer(2), context.integer(3)];
  const list = context.read('list', context.word(1));
  if (list === undefined) return [];
  const from = Math.max(0, start < 0 ? start + list.size : start);
  const to = Math.min(list.size - 1, end < 0 ? end + list.size : end);
  return from > to ? [] : list.slice(from, to + 1);
}

function lrem(context: Context): Reply {
  const wanted = context.integer(2);
  const key = context.word(1);
  const item = context.word(3);
  const list = context.write('list', key);
  if (list === undefined) return 0;
  const matches = list.slice(0, list.size).flatMap((each, index) => (each === item ? [index] : []));
  const count = Math.abs(wanted);
  const chosen = wanted === 0 ? matches : wanted > 0 ? matches.slice(0, count) : matches.slice(-count);
  for (const index of chosen.toReversed()) list.remove(index);
  if (chosen.length > 0) {
    context.changed(key, chosen.length);
    context.notify('list', 'lrem', key);
  }
  context.deleteIfEmpty(key, list);
  return chosen.length;
}

function lset(context: Context): Reply {
  const key = context.word(1);
  const list = context.write('list', key);
  if (list === undefined) throw new CommandError(messages.noSuchKey);
  if (!list.replace(context.integer(2), context.word(3))) throw new CommandError(messages.indexOutOfRange);
  context.changed(key);
  context.notify('list', 'lset', key);
  return ok;
}

function ltrim(context: Context): Reply {
  const [start, end] = [context.integer(2), context.integer(3)];
  const key = context.word(1);
  const list = context.write('list', key);
  if (list === undefined) return ok;
  const { size } = list;
  const from = Math.max(0, start < 0 ? start + size : start);
  const to = Math.min(size - 1, end < 0 ? end + size : end);
  const isEmpty = from > to || from >= size;
  const left = isEmpty ? size : from;
  const right = isEmpty ? 0 : size - to - 1;
  for (let count = left; count > 0; count -= 1) list.pop('left');
  for (let count = right; count > 0; count -= 1) list.pop('right');
  context.notify('list', 'ltrim', key);
  context.deleteIfEmpty(key, list);
  context.changed(key, left + right);
  return ok;
}

export const items: Runs = {
  lindex: (context) => {
    const list = context.read('list', context.word(1));
    if (list === undefined) return null;
    return list.at(context.integer(2)) ?? null;
  },
  linsert,
  llen: (context) => context.read('list', context.word(1))?.size ?? 0,
  lpos,
  lpush: push('left', false),
  lpushx: push('left', true),
  lrange,
  lrem,
  lset,
  ltrim,
  rpush: push('right', false),
  rpushx: push('right', true),
};
