/** Reading sorted sets: ranges, ranks, scores, counts; and removing ranges. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { plainError, syntaxError } from '../../errors.ts';
import { double, type Reply } from '../../reply/reply.ts';
import { formatDouble } from '../../numbers/decimal.ts';
import { SortedSetValue, type ScoredMember } from '../../values/sorted-set-value.ts';
import type { Context, Run } from '../context.ts';
import type { Runs } from '../family.ts';
import { drawMembers } from '../random-choice.ts';
import { readCursor, scanMembers } from '../scanning.ts';
import { lexRange, parseLexRange, parseScoreRange, rankRange, scoreRange, type RankRange } from './ranges.ts';

type RangeKind = 'rank' | 'score' | 'lex';

interface RangeRequest {
  readonly key: Bytes;
  readonly kind: RangeKind;
  readonly isReversed: boolean;
  readonly withScores: boolean;
  readonly offset: number;
  /** Negative for no limit. */
  readonly limit: number;
  find(set: SortedSetValue): RankRange;
}

/** `position` is that of the key; `kind` and `isReversed` are fixed by the older commands. */
function readRange(
  context: Context,
  position: number,
  fixed: { kind?: RangeKind; isReversed?: boolean },
  isStore = false,
): RangeRequest {
  let { kind } = fixed;
  let { isReversed } = fixed;
  let withScores = false;
  let offset = 0;
  let limit = -1;
  for (let at = position + 3; at < context.words.length; at += 1) {
    const name = context.option(at);
    if (name === 'withscores' && !isStore) withScores = true;
    else if (name === 'limit' && at + 2 < context.words.length) {
      offset = context.integer(at + 1);
      limit = context.integer(at + 2);
      at += 2;
    } else if (name === 'rev' && fixed.isReversed === undefined && isReversed !== true) isReversed = true;
    else if (name === 'bylex' && kind === undefined) kind = 'lex';
    else if (name === 'byscore' && kind === undefined) kind = 'score';
    else throw syntaxError();
  }
  const found = kind ?? 'rank';
  if (limit !== -1 && found === 'rank') {
    throw plainError('syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX');
  }
  if (withScores && found === 'lex') {
    throw plainError('syntax error, WITHSCORES not supported in combination with BYLEX');
  }
  const reversed = isReversed ?? false;
  return {
    key: context.word(position),
    kind: found,
    isReversed: reversed,
    withScores,
    offset,
    limit,
    find: rangeFinder(context, position, found, reversed),
  };
}

function rangeFinder(
  context: Context,
  position: number,
  kind: RangeKind,
  isReversed: boolean,
): (set: SortedSetValue) => RankRange {
  if (kind === 'rank') {
    const [start, end] = [context.integer(position + 1), context.integer(position + 2)];
    return (set) => rankRange(set.size, start, end);
  }
  // Backwards the larger end comes first.
  const low = context.word(position + (isReversed ? 2 : 1));
  const high = context.word(position + (isReversed ? 1 : 2));
  if (kind === 'score') {
    const range = parseScoreRange(low, high);
    return (set) => scoreRange(set, range);
  }
  const range = parseLexRange(low, high);
  return (set) => lexRange(set, range);
}

function selectMembers(set: SortedSetValue, request: RangeRequest): ScoredMember[] {
  const { kind, isReversed, offset, limit } = request;
  const { from, to } = request.find(set);
  const count = to - from;
  const skipped = kind === 'rank' ? 0 : offset < 0 ? count : Math.min(offset, count);
  const taken = kind === 'rank' || limit < 0 ? count - skipped : Math.min(limit, count - skipped);
  if (!isReversed) return set.slice(from + skipped, from + skipped + taken);
  if (kind === 'rank') return set.slice(set.size - to, set.size - from).reverse();
  return set.slice(to - skipped - taken, to - skipped).reverse();
}

function range(fixed: { kind?: RangeKind; isReversed?: boolean }): Run {
  return (context) => {
    const request = readRange(context, 1, fixed);
    const set = context.read('zset', request.key);
    if (set === undefined) return [];
    return scoredReply(context, selectMembers(set, request), request.withScores);
  };
}

/** With scores pairs in version 3, else one after the other. */
export function scoredReply(context: Context, members: readonly ScoredMember[], withScores: boolean): Reply {
  if (!withScores) return members.map(({ member }) => member);
  const pairs = members.map(({ member, score }): Reply[] => [member, double(score)]);
  return context.client.protocol === 3 ? pairs : pairs.flat();
}

function zrangestore(context: Context): Reply {
  const target = context.word(1);
  const request = readRange(context, 2, {}, true);
  const set = context.read('zset', request.key);
  return storeSortedSet(context, target, set === undefined ? [] : selectMembers(set, request), 'zrangestore');
}

/** In place of whatever the key held; nothing deletes it. */
export function storeSortedSet(
  context: Context,
  key: Bytes,
  members: readonly ScoredMember[],
  event: string,
): Reply {
  if (members.length === 0) {
    if (context.delete(key)) {
      context.notify('generic', 'del', key);
      context.server.dirty += 1;
    }
    return 0;
  }
  const result = new SortedSetValue();
  const limits = context.server.configuration.encodingLimits;
  for (const { member, score } of members) result.set(member, score, limits);
  context.put(key, result);
  context.notify('zset', event, key);
  return result.size;
}

function removeRange(kind: RangeKind): Run {
  return (context) => {
    const key = context.word(1);
    const find = rangeFinder(context, 1, kind, false);
    const set = context.write('zset', key);
    if (set === undefined) return 0;
    const { from, to } = find(set);
    for (const { member } of set.slice(from, to)) set.delete(member);
    if (to > from) {
      context.changed(key, to - from);
      context.notify('zset', `zremrangeby${kind}`, key);
      context.deleteIfEmpty(key, set);
    }
    return to - from;
  };
}

function count(kind: RangeKind): Run {
  return (context) => {
    const find = rangeFinder(context, 1, kind, false);
    const set = context.read('zset', context.word(1));
    if (set === undefined) return 0;
    const { from, to } = find(set);
    return to - from;
  };
}

function rank(isReversed: boolean): Run {
  return (context) => {
    const set = context.read('zset', context.word(1));
    const position = set?.rank(context.word(2));
    if (set === undefined || position === undefined) return null;
    return isReversed ? set.size - 1 - position : position;
  };
}

function scoreReply(set: SortedSetValue | undefined, member: Bytes): Reply {
  const score = set?.score(member);
  return score === undefined ? null : double(score);
}

function zrandmember(context: Context): Reply {
  const { server, words } = context;
  if (words.length === 2) return context.read('zset', context.word(1))?.random(server.random) ?? null;
  const wanted = context.integer(2);
  if (wanted <= -(2 ** 63)) {
    throw plainError(
      'value is out of range, value must between -9223372036854775807 and 9223372036854775807',
    );
  }
  if (words.length > 4 || (words.length === 4 && context.option(3) !== 'withscores')) throw syntaxError();
  const withScores = words.length === 4;
  if (withScores && Math.abs(wanted) > 2 ** 62) throw plainError('value is out of range');
  const set = context.read('zset', context.word(1));
  if (set === undefined || wanted === 0) return [];
  const all = (): Bytes[] => set.slice(0, set.size).map(({ member }) => member);
  const drawn = drawMembers(set, wanted, all, server.random);
  return scoredReply(
    context,
    drawn.map((member) => ({ member, score: set.score(member) ?? 0 })),
    withScores,
  );
}

function zscan(context: Context): Reply {
  readCursor(context, 2);
  const set = context.read('zset', context.word(1));
  const compact =
    set?.encoding === 'listpack' ? set.slice(0, set.size).map(({ member }) => member) : undefined;
  return scanMembers(context, set, compact, (member): Bytes[] => {
    const score = set?.score(member) ?? 0;
    return [member, compact === undefined ? formatDouble(score) : listpackScore(score)];
  });
}

/** The compact encoding keeps whole numbers as integers, and ZSCAN gives what is kept: `1e17` is `100000000000000000`. */
function listpackScore(score: number): Bytes {
  const isKeptAsInteger = Number.isInteger(score) && Math.abs(score) <= 2 ** 62;
  return isKeptAsInteger ? BigInt(score).toString() : formatDouble(score);
}

export const reading: Runs = {
  zcard: (context) => context.read('zset', context.word(1))?.size ?? 0,
  zcount: count('score'),
  zlexcount: count('lex'),
  zmscore: (context) => {
    const set = context.read('zset', context.word(1));
    return context.words.slice(2).map((member) => scoreReply(set, member));
  },
  zrandmember,
  zrange: range({}),
  zrangebylex: range({ kind: 'lex', isReversed: false }),
  zrangebyscore: range({ kind: 'score', isReversed: false }),
  zrangestore,
  zrank: rank(false),
  zremrangebylex: removeRange('lex'),
  zremrangebyrank: removeRange('rank'),
  zremrangebyscore: removeRange('score'),
  zrevrange: range({ kind: 'rank', isReversed: true }),
  zrevrangebylex: range({ kind: 'lex', isReversed: true }),
  zrevrangebyscore: range({ kind: 'score', isReversed: true }),
  zrevrank: rank(true),
  zscan,
  zscore: (context) => scoreReply(context.read('zset', context.word(1)), context.word(2)),
};
