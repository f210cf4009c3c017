/** Taking items off the ends of lists, also by clients that wait for some. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { syntaxError } from '../../errors.ts';
import { nullArray, type Reply } from '../../reply/reply.ts';
import type { ListEnd, ListValue } from '../../values/list-value.ts';
import type { Context, Run } from '../context.ts';
import type { Runs } from '../family.ts';
import { blockingPop, readTake, type Take } from '../taking-first.ts';

export function takeEvent(end: ListEnd): string {
  return end === 'left' ? 'lpop' : 'rpop';
}

export function listEndAt(context: Context, position: number): ListEnd {
  const name = context.option(position);
  if (name !== 'left' && name !== 'right') throw syntaxError();
  return name;
}

/** Items in the order in which they are taken. */
function takeItems(list: ListValue, end: ListEnd, count: number): Bytes[] {
  const items: Bytes[] = [];
  while (items.length < count) {
    const item = list.pop(end);
    if (item === undefined) break;
    items.push(item);
  }
  return items;
}

/** Tells of what was taken, and deletes a list that is empty then. */
function afterTaking(context: Context, key: Bytes, list: ListValue, end: ListEnd, count: number): void {
  context.notify('list', takeEvent(end), key);
  context.deleteIfEmpty(key, list);
  context.changed(key, count);
}

function pop(end: ListEnd): Run {
  return (context) => {
    if (context.words.length > 3) throw context.wrongArity();
    const count = context.words.length === 3 ? context.natural(2) : undefined;
    const key = context.word(1);
    const list = context.write('list', key);
    if (list === undefined) return count === undefined ? null : nullArray;
    if (count === 0) return [];
    const items = takeItems(list, end, count ?? 1);
    afterTaking(context, key, list, end, items.length);
    return count === undefined ? (items[0] ?? null) : items;
  };
}

/** From the first list that has something; undefined when none has. */
function takeFirst(context: Context, { keys, end, count }: Take<ListEnd>): Reply | undefined {
  for (const key of keys) {
    const list = context.write('list', key);
    if (list === undefined) continue;
    const reply = takeFrom(context, key, list, end, count);
    afterTaking(context, key, list, end, count ?? 1);
    return reply;
  }
  return undefined;
}

function takeFrom(
  context: Context,
  key: Bytes,
  list: ListValue,
  end: ListEnd,
  count: number | undefined,
): Reply {
  const items = takeItems(list, end, count ?? 1);
  const name = takeEvent(end).toUpperCase();
  context.propagated = [count === undefined ? [name, key] : [name, key, String(items.length)]];
  return count === undefined ? [key, items[0] ?? null] : [key, items];
}

function takeOrWait(context: Context, take: Take<ListEnd>, timeoutMs: number): Reply {
  const taken = takeFirst(context, take);
  if (taken !== undefined) return taken;
  return context.wait({
    type: 'list',
    keys: take.keys,
    timeoutMs,
    timedOutReply: nullArray,
    serve: (waiting, key, value) => {
      if (value.type !== 'list') return undefined;
      const reply = takeFrom(waiting, key, value, take.end, take.count);
      waiting.notify('list', takeEvent(take.end), key);
      waiting.deleteIfEmpty(key, value);
      waiting.taken(key);
      waiting.propagateNow();
      return reply;
    },
  });
}

export const taking: Runs = {
  blmpop: (context) => {
    const take = readTake(context, 2, listEndAt);
    return takeOrWait(context, take, context.timeoutSeconds(1));
  },
  blpop: blockingPop('left', takeOrWait),
  brpop: blockingPop('right', takeOrWait),
  lmpop: (context) => takeFirst(context, readTake(context, 1, listEndAt)) ?? nullArray,
  lpop: pop('left'),
  rpop: pop('right'),
};
