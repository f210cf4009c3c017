/** Positions on earth, as scores of sorted sets. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { syntaxError } from '../../errors.ts';
import { formatFixed } from '../../numbers/decimal.ts';
import { nullArray, type Reply } from '../../reply/reply.ts';
import { Context, type Run } from '../context.ts';
import { commandFamily } from '../family.ts';
import { adding } from '../sorted-sets/adding.ts';
import { storeSortedSet } from '../sorted-sets/reading.ts';
import { readPosition, readSearch, readUnit, type SearchKind, type SearchRequest } from './arguments.ts';
import {
  cellAt,
  distanceMeters,
  finestStep,
  geohashText,
  numberOf,
  positionOf,
  unsigned64,
  type Position,
} from './geohash.ts';
import { search, type FoundMember } from './search.ts';
import { geoTable } from './table.ts';

/** The same as ZADD with the scores that the positions stand for, and written down as such. */
function geoadd(context: Context): Reply {
  const { words } = context;
  let from = 2;
  while (['nx', 'xx', 'ch'].includes(context.option(from))) from += 1;
  const options = new Set(words.slice(2, from).map((word) => word.toLowerCase()));
  if ((words.length - from) % 3 !== 0 || (options.has('nx') && options.has('xx'))) throw syntaxError();
  const added = ['zadd', ...words.slice(1, from)];
  for (let at = from; at < words.length; at += 3) {
    const cell = cellAt(readPosition(context, at), finestStep);
    added.push(String(numberOf(cell)), context.word(at + 2));
  }
  const inner = new Context(context.server, context.client, context.command, added, context.commands);
  const reply = zadd(inner);
  context.propagated = inner.propagated ?? [added];
  return reply;
}

function zadd(context: Context): Reply {
  const run = adding['zadd'];
  if (run === undefined) throw new TypeError('ZADD is missing');
  return run(context);
}

function geodist(context: Context): Reply {
  const { words } = context;
  const unit = words.length === 5 ? readUnit(context, 4) : 1;
  if (words.length > 5) throw syntaxError();
  const set = context.read('zset', context.word(1));
  const from = set?.score(context.word(2));
  const to = set?.score(context.word(3));
  if (from === undefined || to === undefined) return null;
  return distanceText(distanceMeters(positionOf(from), positionOf(to)) / unit);
}

/** Four digits behind the point, ties to even. */
function distanceText(distance: number): Bytes {
  const scaled = distance * 10_000;
  if (scaled >= Number.MAX_SAFE_INTEGER) return formatFixed(distance, 4);
  const whole = Math.floor(scaled);
  const rest = scaled - whole;
  const rounded = rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? whole + 1 : whole;
  const digits = String(rounded).padStart(5, '0');
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

function positionReply({ longitude, latitude }: Position): Reply {
  return [longitude, latitude].map((value) => {
    const text = formatFixed(value, 17).replace(/\.?0+$/, '');
    return { kind: 'double', value, text };
  });
}

function geohash(context: Context): Reply {
  const set = context.read('zset', context.word(1));
  return context.words.slice(2).map((member) => {
    const score = set?.score(member);
    return score === undefined ? null : geohashText(positionOf(score));
  });
}

function geopos(context: Context): Reply {
  const set = context.read('zset', context.word(1));
  return context.words.slice(2).map((member) => {
    const score = set?.score(member);
    return score === undefined ? nullArray : positionReply(positionOf(score));
  });
}

function searching(kind: SearchKind, mayStore: boolean): Run {
  return (context) => {
    const set = context.read('zset', context.word(kind === 'search and store' ? 2 : 1));
    const request = readSearch(context, { kind, mayStore, set });
    const found =
      set === undefined || request.shape === undefined
        ? []
        : search(set, request.shape, request.takesAny ? request.count : Infinity);
    const chosen = ordered(found, request);
    if (request.storeAt === undefined) return chosen.map((each) => describe(each, request));
    const members = chosen.map(({ member, meters, score }) => ({
      member,
      score: request.storesDistance ? meters / request.unitMeters : score,
    }));
    const isSearch = kind === 'search and store';
    return storeSortedSet(context, request.storeAt, members, isSearch ? 'geosearchstore' : 'georadiusstore');
  };
}

/** With a count the nearest are meant, unless any will do. */
function ordered(found: readonly FoundMember[], { count, order, takesAny }: SearchRequest): FoundMember[] {
  const wanted = order === 'none' && count > 0 && !takesAny ? 'near first' : order;
  const sign = wanted === 'none' ? 0 : wanted === 'near first' ? 1 : -1;
  const sorted = [...found].sort((left, right) => sign * (left.meters - right.meters));
  return count === 0 ? sorted : sorted.slice(0, count);
}

function describe(found: FoundMember, request: SearchRequest): Reply {
  const { member, meters, position, score } = found;
  const details: Reply[] = [];
  if (request.withDistance) details.push(distanceText(meters / request.unitMeters));
  if (request.withHash) details.push(BigInt.asIntN(64, unsigned64(score)));
  if (request.withPosition) details.push(positionReply(position));
  return details.length === 0 ? member : [member, ...details];
}

export const geo = commandFamily('geo', geoTable, {
  geoadd,
  geodist,
  geohash,
  geopos,
  georadius: searching('radius', true),
  georadius_ro: searching('radius', false),
  georadiusbymember: searching('radius by member', true),
  georadiusbymember_ro: searching('radius by member', false),
  geosearch: searching('search', false),
  geosearchstore: searching('search and store', false),
});
