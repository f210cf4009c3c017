/** Moving items from one list to another, also by clients that wait for some. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { nullArray, type Reply } from '../../reply/reply.ts';
import { ListValue, type ListEnd } from '../../values/list-value.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { listEndAt, takeEvent } from './taking.ts';

interface Move {
  readonly from: Bytes;
  readonly to: Bytes;
  readonly fromEnd: ListEnd;
  readonly toEnd: ListEnd;
  /** As it is written down. */
  readonly words: readonly Bytes[];
}

function readMove(context: Context): Move {
  const [, from = '', to = ''] = context.words;
  const fromEnd = listEndAt(context, 3);
  const toEnd = listEndAt(context, 4);
  return { from, to, fromEnd, toEnd, words: ['LMOVE', from, to, context.word(3), context.word(4)] };
}

function readOldMove(context: Context): Move {
  const [, from = '', to = ''] = context.words;
  return { from, to, fromEnd: 'right', toEnd: 'left', words: ['RPOPLPUSH', from, to] };
}

/** The item goes to the other list before the first is deleted for being empty; they may be the same. */
function pushTo(context: Context, { to, toEnd }: Move, item: Bytes): void {
  const target = context.writeOrCreate('list', to, () => new ListValue());
  target.push(toEnd, item);
  context.server.keyspace.modified(context.database, to);
  context.notify('list', toEnd === 'left' ? 'lpush' : 'rpush', to);
}

function moveItem(context: Context, move: Move): Reply {
  const source = context.write('list', move.from);
  if (source === undefined) return null;
  // A target of another type is refused before anything is taken.
  context.write('list', move.to);
  const item = source.pop(move.fromEnd);
  if (item === undefined) return null;
  pushTo(context, move, item);
  context.notify('list', takeEvent(move.fromEnd), move.from);
  context.deleteIfEmpty(move.from, source);
  context.propagated = [move.words];
  context.changed(move.from);
  return item;
}

function moveOrWait(context: Context, move: Move, timeoutMs: number): Reply {
  if (context.write('list', move.from) !== undefined) return moveItem(context, move);
  return context.wait({
    type: 'list',
    keys: [move.from],
    timeoutMs,
    timedOutReply: nullArray,
    deniedReply: null,
    serve: (waiting, _key, value) => {
      if (value.type !== 'list') return undefined;
      waiting.write('list', move.to);
      const item = value.pop(move.fromEnd);
      if (item === undefined) return undefined;
      pushTo(waiting, move, item);
      waiting.notify('list', takeEvent(move.fromEnd), move.from);
      waiting.deleteIfEmpty(move.from, value);
      waiting.taken(move.from);
      waiting.propagated = [move.words];
      waiting.propagateNow();
      return item;
    },
  });
}

export const moving: Runs = {
  blmove: (context) => {
    const move = readMove(context);
    return moveOrWait(context, move, context.timeoutSeconds(5));
  },
  brpoplpush: (context) => moveOrWait(context, readOldMove(context), context.timeoutSeconds(3)),
  lmove: (context) => moveItem(context, readMove(context)),
  rpoplpush: (context) => moveItem(context, readOldMove(context)),
};
