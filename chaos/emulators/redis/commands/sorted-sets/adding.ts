/** ZADD and ZINCRBY, and taking members out by name. */
import { plainError, syntaxError } from '../../errors.ts';
import { double, type Reply } from '../../reply/reply.ts';
import { SortedSetValue } from '../../values/sorted-set-value.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';

interface Options {
  readonly nx: boolean;
  readonly xx: boolean;
  readonly gt: boolean;
  readonly lt: boolean;
  readonly countsChanges: boolean;
  readonly increments: boolean;
  /** Position of the first score. */
  readonly from: number;
}

function readOptions(context: Context): Options {
  const given = new Set<string>();
  let from = 2;
  for (; from < context.words.length; from += 1) {
    const name = context.option(from);
    if (!['nx', 'xx', 'gt', 'lt', 'ch', 'incr'].includes(name)) break;
    given.add(name);
  }
  const pairs = context.words.length - from;
  if (pairs % 2 === 1 || pairs === 0) throw syntaxError();
  const [nx, xx, gt, lt] = ['nx', 'xx', 'gt', 'lt'].map((name) => given.has(name));
  if (nx === true && xx === true) throw plainError('XX and NX options at the same time are not compatible');
  if ((gt === true && (nx === true || lt === true)) || (lt === true && nx === true)) {
    throw plainError('GT, LT, and/or NX options at the same time are not compatible');
  }
  const increments = given.has('incr');
  if (increments && pairs > 2) throw plainError('INCR option supports a single increment-element pair');
  return {
    nx: nx ?? false,
    xx: xx ?? false,
    gt: gt ?? false,
    lt: lt ?? false,
    countsChanges: given.has('ch'),
    increments,
    from,
  };
}

function zadd(context: Context, options: Options): Reply {
  const key = context.word(1);
  const pairs = [];
  for (let at = options.from; at < context.words.length; at += 2) {
    pairs.push({ score: context.double(at), member: context.word(at + 1) });
  }
  const isThere = context.write('zset', key) !== undefined;
  if (!isThere && options.xx) return options.increments ? null : 0;
  const set = context.writeOrCreate('zset', key, () => new SortedSetValue());
  let added = 0;
  let updated = 0;
  let result: number | undefined;
  for (const { member, score } of pairs) {
    const change = addOne(context, set, member, score, options);
    if (change.outcome === 'added') added += 1;
    if (change.outcome === 'updated') updated += 1;
    if (change.outcome !== 'refused') result = change.score;
  }
  if (added + updated > 0) {
    context.changed(key, added + updated);
    context.notify('zset', options.increments ? 'zincr' : 'zadd', key);
  }
  if (options.increments) return result === undefined ? null : double(result);
  return options.countsChanges ? added + updated : added;
}

interface Added {
  readonly outcome: 'added' | 'updated' | 'same' | 'refused';
  readonly score: number;
}

function addOne(
  context: Context,
  set: SortedSetValue,
  member: string,
  given: number,
  { nx, xx, gt, lt, increments }: Options,
): Added {
  const limits = context.server.configuration.encodingLimits;
  const current = set.score(member);
  if (current === undefined) {
    if (xx) return { outcome: 'refused', score: given };
    set.set(member, given, limits);
    return { outcome: 'added', score: given };
  }
  if (nx) return { outcome: 'refused', score: current };
  const score = increments ? given + current : given;
  if (Number.isNaN(score)) throw plainError('resulting score is not a number (NaN)');
  if ((lt && score >= current) || (gt && score <= current)) return { outcome: 'refused', score: current };
  if (score === current) return { outcome: 'same', score };
  set.set(member, score, limits);
  return { outcome: 'updated', score };
}

function zrem(context: Context): Reply {
  const key = context.word(1);
  const set = context.write('zset', key);
  if (set === undefined) return 0;
  const removed = context.words.slice(2).filter((member) => set.delete(member)).length;
  if (removed > 0) {
    context.changed(key, removed);
    context.notify('zset', 'zrem', key);
    context.deleteIfEmpty(key, set);
  }
  return removed;
}

export const adding: Runs = {
  zadd: (context) => zadd(context, readOptions(context)),
  zincrby: (context) =>
    zadd(context, {
      nx: false,
      xx: false,
      gt: false,
      lt: false,
      countsChanges: false,
      increments: true,
      from: 2,
    }),
  zrem,
};
