/** Ranges of sorted sets by score, by member and by rank, as ranks from one up to, not including, another. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { plainError } from '../../errors.ts';
import { parseBound } from '../../numbers/strtod.ts';
import type { SortedSetValue } from '../../values/sorted-set-value.ts';

export interface RankRange {
  readonly from: number;
  readonly to: number;
}

export interface ScoreRange {
  readonly minimum: number;
  readonly isAboveMinimum: boolean;
  readonly maximum: number;
  readonly isBelowMaximum: boolean;
}

type LexBound =
  | { readonly kind: 'below all' | 'above all' }
  | { readonly kind: 'member'; readonly member: Bytes; readonly isExcluded: boolean };

export interface LexRange {
  readonly minimum: LexBound;
  readonly maximum: LexBound;
}

const nothing: RankRange = { from: 0, to: 0 };

export function parseScoreRange(minimum: Bytes, maximum: Bytes): ScoreRange {
  const low = parseScoreBound(minimum);
  const high = parseScoreBound(maximum);
  return {
    minimum: low.score,
    isAboveMinimum: low.isExcluded,
    maximum: high.score,
    isBelowMaximum: high.isExcluded,
  };
}

export function parseLexRange(minimum: Bytes, maximum: Bytes): LexRange {
  return { minimum: parseLexBound(minimum), maximum: parseLexBound(maximum) };
}

/** Negative ranks count from the end. */
export function rankRange(size: number, start: number, end: number): RankRange {
  const from = Math.max(0, start < 0 ? start + size : start);
  const to = Math.min(size, (end < 0 ? end + size : end) + 1);
  return from >= to ? nothing : { from, to };
}

export function scoreRange(set: SortedSetValue, range: ScoreRange): RankRange {
  const { minimum, isAboveMinimum, maximum, isBelowMaximum } = range;
  if (minimum > maximum || (minimum === maximum && (isAboveMinimum || isBelowMaximum))) return nothing;
  const from = set.countWhile(({ score }) => (isAboveMinimum ? score <= minimum : score < minimum));
  const to = set.countWhile(({ score }) => (isBelowMaximum ? score < maximum : score <= maximum));
  return from >= to ? nothing : { from, to };
}

/** Meant for sets of which all scores are the same; of others, small ones are gone through as Redis does. */
export function lexRange(set: SortedSetValue, { minimum, maximum }: LexRange): RankRange {
  if (isEmptyLexRange(minimum, maximum)) return nothing;
  if (set.encoding === 'listpack') {
    const members = set.slice(0, set.size).map(({ member }) => member);
    const last = members.at(-1);
    const [first] = members;
    if (last === undefined || first === undefined) return nothing;
    if (!isFrom(last, minimum) || !isUpTo(first, maximum)) return nothing;
    const from = members.findIndex((member) => isFrom(member, minimum));
    const after = members.findIndex((member, at) => at >= from && !isUpTo(member, maximum));
    const to = after === -1 ? members.length : after;
    return from === -1 || from >= to ? nothing : { from, to };
  }
  const from = set.countWhile(({ member }) => !isFrom(member, minimum));
  const to = set.countWhile(({ member }) => isUpTo(member, maximum));
  return from >= to ? nothing : { from, to };
}

function parseScoreBound(text: Bytes): { score: number; isExcluded: boolean } {
  const isExcluded = text.startsWith('(');
  const score = parseBound(isExcluded ? text.slice(1) : text);
  if (score === undefined) throw plainError('min or max is not a float');
  return { score, isExcluded };
}

function parseLexBound(text: Bytes): LexBound {
  if (text === '+') return { kind: 'above all' };
  if (text === '-') return { kind: 'below all' };
  const isExcluded = text.startsWith('(');
  if (!isExcluded && !text.startsWith('[')) throw plainError('min or max not valid string range item');
  return { kind: 'member', member: text.slice(1), isExcluded };
}

function isEmptyLexRange(minimum: LexBound, maximum: LexBound): boolean {
  if (minimum.kind === 'above all' || maximum.kind === 'below all') return true;
  if (minimum.kind !== 'member' || maximum.kind !== 'member') return false;
  if (minimum.member > maximum.member) return true;
  return minimum.member === maximum.member && (minimum.isExcluded || maximum.isExcluded);
}

function isFrom(member: Bytes, bound: LexBound): boolean {
  if (bound.kind !== 'member') return bound.kind === 'below all';
  return bound.isExcluded ? member > bound.member : member >= bound.member;
}

function isUpTo(member: Bytes, bound: LexBound): boolean {
  if (bound.kind !== 'member') return bound.kind === 'above all';
  return bound.isExcluded ? member < bound.member : member <= bound.member;
}
