/** Unions, intersections and differences of sorted sets and sets. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { CommandError, messages, plainError, syntaxError } from '../../errors.ts';
import type { Reply } from '../../reply/reply.ts';
import { compareBytes } from '../../bytes/byte-string.ts';
import type { SetValue } from '../../values/set-value.ts';
import type { ScoredMember, SortedSetValue } from '../../values/sorted-set-value.ts';
import type { Context, Run } from '../context.ts';
import type { Runs } from '../family.ts';
import { scoredReply, storeSortedSet } from './reading.ts';

type Operation = 'union' | 'inter' | 'diff';
type Aggregate = 'sum' | 'min' | 'max';

interface Source {
  readonly value: SetValue | SortedSetValue | undefined;
  weight: number;
}

interface Request {
  readonly sources: Source[];
  readonly aggregate: Aggregate;
  readonly withScores: boolean;
  readonly limit: number;
}

/** `position` is that of the number of keys. */
function readRequest(
  context: Context,
  position: number,
  operation: Operation,
  use: 'answer' | 'store' | 'count',
): Request {
  const count = context.integer(position);
  if (count < 1) throw plainError(`at least 1 input key is needed for '${context.command.name}' command`);
  if (count > context.words.length - position - 1) throw syntaxError();
  const first = position + 1;
  const sources = context.words.slice(first, first + count).map((key) => sourceOf(context, key));
  let aggregate: Aggregate = 'sum';
  let withScores = false;
  let limit = 0;
  const takesWeights = operation !== 'diff' && use !== 'count';
  for (let at = first + count; at < context.words.length; at += 1) {
    const name = context.option(at);
    const left = context.words.length - at;
    if (takesWeights && name === 'weights' && left >= count + 1) {
      for (const source of sources) {
        at += 1;
        source.weight = context.double(at, 'ERR weight value is not a float');
      }
    } else if (takesWeights && name === 'aggregate' && left >= 2) {
      at += 1;
      const given = context.option(at);
      if (given !== 'sum' && given !== 'min' && given !== 'max') throw syntaxError();
      aggregate = given;
    } else if (use === 'answer' && name === 'withscores') withScores = true;
    else if (use === 'count' && name === 'limit' && left >= 2) {
      at += 1;
      limit = context.natural(at, "ERR LIMIT can't be negative");
    } else throw syntaxError();
  }
  return { sources, aggregate, withScores, limit };
}

function sourceOf(context: Context, key: Bytes): Source {
  const value = context.server.keyspace.read(context.database, key);
  if (value !== undefined && value.type !== 'zset' && value.type !== 'set') {
    throw new CommandError(messages.wrongType);
  }
  return { value, weight: 1 };
}

function sizeOf({ value }: Source): number {
  return value?.size ?? 0;
}

/** Members of a set count 1 each. */
function scoreIn({ value }: Source, member: Bytes): number | undefined {
  if (value?.type === 'zset') return value.score(member);
  return value?.has(member) === true ? 1 : undefined;
}

function membersOf({ value }: Source): readonly ScoredMember[] {
  if (value === undefined) return [];
  if (value.type === 'zset') return value.slice(0, value.size);
  return value.members().map((member) => ({ member, score: 1 }));
}

function combine(operation: Operation, { sources, aggregate, limit }: Request): ScoredMember[] {
  if (operation === 'diff') {
    const [first, ...others] = sources;
    if (first === undefined) return [];
    return membersOf(first).filter(({ member }) =>
      others.every((other) => scoreIn(other, member) === undefined),
    );
  }
  // From the smallest on: sums of doubles depend on their order.
  const ordered = [...sources].sort((left, right) => sizeOf(left) - sizeOf(right));
  return operation === 'inter' ? intersect(ordered, aggregate, limit) : unite(ordered, aggregate);
}

function intersect(sources: readonly Source[], aggregate: Aggregate, limit: number): ScoredMember[] {
  const [smallest, ...others] = sources;
  const result: ScoredMember[] = [];
  for (const { member, score } of smallest === undefined ? [] : membersOf(smallest)) {
    let total: number | undefined = weighted(score, smallest?.weight ?? 1);
    for (const other of others) {
      const value = scoreIn(other, member);
      total = value === undefined ? undefined : aggregated(total ?? 0, value * other.weight, aggregate);
      if (total === undefined) break;
    }
    if (total !== undefined) result.push({ member, score: total });
    if (limit > 0 && result.length >= limit) break;
  }
  return result;
}

function unite(sources: readonly Source[], aggregate: Aggregate): ScoredMember[] {
  const totals = new Map<Bytes, number>();
  for (const source of sources) {
    for (const { member, score } of membersOf(source)) {
      const value = weighted(score, source.weight);
      const total = totals.get(member);
      totals.set(member, total === undefined ? value : aggregated(total, value, aggregate));
    }
  }
  return [...totals].map(([member, score]) => ({ member, score }));
}

/** 0 · ∞ is 0 here. */
function weighted(score: number, weight: number): number {
  const value = score * weight;
  return Number.isNaN(value) ? 0 : value;
}

/** ∞ - ∞ is 0 here. */
function aggregated(total: number, value: number, aggregate: Aggregate): number {
  if (aggregate === 'min') return value < total ? value : total;
  if (aggregate === 'max') return value > total ? value : total;
  const sum = total + value;
  return Number.isNaN(sum) ? 0 : sum;
}

function inOrder(members: ScoredMember[]): ScoredMember[] {
  return members.sort((left, right) => left.score - right.score || compareBytes(left.member, right.member));
}

function answer(operation: Operation): Run {
  return (context) => {
    const request = readRequest(context, 1, operation, 'answer');
    return scoredReply(context, inOrder(combine(operation, request)), request.withScores);
  };
}

function store(operation: Operation): Run {
  return (context): Reply => {
    const request = readRequest(context, 2, operation, 'store');
    return storeSortedSet(context, context.word(1), combine(operation, request), `z${operation}store`);
  };
}

export const combining: Runs = {
  zdiff: answer('diff'),
  zdiffstore: store('diff'),
  zinter: answer('inter'),
  zintercard: (context) => combine('inter', readRequest(context, 1, 'inter', 'count')).length,
  zinterstore: store('inter'),
  zunion: answer('union'),
  zunionstore: store('union'),
};
