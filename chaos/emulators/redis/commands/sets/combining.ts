/** Unions, intersections and differences of sets. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { plainError, syntaxError } from '../../errors.ts';
import { set, type Reply } from '../../reply/reply.ts';
import type { EncodingLimits } from '../../values/limits.ts';
import { SetValue } from '../../values/set-value.ts';
import type { Context, Run } from '../context.ts';
import { atLeastOne } from '../counts.ts';
import type { Runs } from '../family.ts';

type Combine = (sets: readonly (SetValue | undefined)[], limits: EncodingLimits) => SetValue;

function readSets(context: Context, keys: readonly Bytes[]): (SetValue | undefined)[] {
  return keys.map((key) => context.read('set', key));
}

function union(sets: readonly (SetValue | undefined)[], limits: EncodingLimits): SetValue {
  const result = new SetValue();
  for (const each of sets) for (const member of each?.members() ?? []) result.add(member, limits);
  return result;
}

function intersection(sets: readonly (SetValue | undefined)[], limits: EncodingLimits): SetValue {
  const result = new SetValue();
  for (const member of common(sets)) result.add(member, limits);
  return result;
}

function* common(sets: readonly (SetValue | undefined)[]): IterableIterator<Bytes> {
  const there = sets.filter((each) => each !== undefined);
  if (there.length < sets.length) return;
  const [smallest, ...others] = there.sort((left, right) => left.size - right.size);
  for (const member of smallest?.members() ?? []) {
    if (others.every((other) => other.has(member))) yield member;
  }
}

/**
 * By testing each member of the first set, or by taking away those of the others, whichever is less work: a set that large members
 * were taken from keeps its encoding, so that the choice can be seen.
 */
function difference(sets: readonly (SetValue | undefined)[], limits: EncodingLimits): SetValue {
  const result = new SetValue();
  const [first, ...others] = sets;
  if (first === undefined || others.includes(first)) return result;
  const there = sets.filter((each) => each !== undefined);
  const testing = Math.floor((there.length * first.size) / 2);
  const taking = there.reduce((sum, each) => sum + each.size, 0);
  if (testing <= taking) {
    for (const member of first.members()) {
      if (others.every((other) => other?.has(member) !== true)) result.add(member, limits);
    }
    return result;
  }
  for (const member of first.members()) result.add(member, limits);
  for (const other of others) for (const member of other?.members() ?? []) result.delete(member);
  return result;
}

function answer(combine: Combine): Run {
  return (context) => {
    const sets = readSets(context, context.words.slice(1));
    return set(combine(sets, context.server.configuration.encodingLimits).members());
  };
}

function store(combine: Combine, event: string): Run {
  return (context) => {
    const key = context.word(1);
    const sets = readSets(context, context.words.slice(2));
    const result = combine(sets, context.server.configuration.encodingLimits);
    if (result.size === 0) {
      if (context.delete(key)) {
        context.server.dirty += 1;
        context.notify('generic', 'del', key);
      }
      return 0;
    }
    context.put(key, result);
    context.notify('set', event, key);
    return result.size;
  };
}

function sintercard(context: Context): Reply {
  const keyCount = atLeastOne(context, 1, 'numkeys should be greater than 0');
  if (keyCount > context.words.length - 2) {
    throw plainError("Number of keys can't be greater than number of args");
  }
  let limit = 0;
  for (let at = 2 + keyCount; at < context.words.length; at += 2) {
    if (context.option(at) !== 'limit' || at + 1 >= context.words.length) throw syntaxError();
    limit = context.natural(at + 1, "ERR LIMIT can't be negative");
  }
  let count = 0;
  for (const _ of common(readSets(context, context.words.slice(2, 2 + keyCount)))) {
    count += 1;
    if (count === limit) break;
  }
  return count;
}

export const combining: Runs = {
  sdiff: answer(difference),
  sdiffstore: store(difference, 'sdiffstore'),
  sinter: answer(intersection),
  sintercard,
  sinterstore: store(intersection, 'sinterstore'),
  sunion: answer(union),
  sunionstore: store(union, 'sunionstore'),
};
