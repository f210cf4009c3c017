/** Positions, lengths and the many options of searches. */
import { untilNul, type Bytes } from '../../bytes/byte-string.ts';
import { plainError, syntaxError } from '../../errors.ts';
import { formatFixed } from '../../numbers/decimal.ts';
import type { SortedSetValue } from '../../values/sorted-set-value.ts';
import type { Context } from '../context.ts';
import { positionOf, world, type Position } from './geohash.ts';
import type { Shape } from './search.ts';

const metersPerUnit: Readonly<Record<string, number>> = { m: 1, km: 1000, ft: 0.3048, mi: 1609.34 };

export function readUnit(context: Context, position: number): number {
  const meters = metersPerUnit[context.option(position)];
  if (meters === undefined) throw plainError('unsupported unit provided. please use M, KM, FT, MI');
  return meters;
}

/** Longitude, then latitude. */
export function readPosition(context: Context, position: number): Position {
  const longitude = context.double(position);
  const latitude = context.double(position + 1);
  const isInside =
    longitude >= world.west && longitude <= world.east && latitude >= world.south && latitude <= world.north;
  if (!isInside) {
    throw plainError(
      `invalid longitude,latitude pair ${formatFixed(longitude, 6)},${formatFixed(latitude, 6)}`,
    );
  }
  return { longitude, latitude };
}

export function memberPosition(set: SortedSetValue, member: Bytes): Position {
  const score = set.score(member);
  if (score === undefined) throw plainError('could not decode requested zset member');
  return positionOf(score);
}

export interface SearchRequest {
  readonly shape: Shape | undefined;
  /** Meters of the unit in which distances are answered. */
  readonly unitMeters: number;
  readonly withDistance: boolean;
  readonly withHash: boolean;
  readonly withPosition: boolean;
  readonly order: 'none' | 'near first' | 'far first';
  /** 0 for all. */
  readonly count: number;
  readonly takesAny: boolean;
  readonly storeAt: Bytes | undefined;
  readonly storesDistance: boolean;
}

export type SearchKind = 'radius' | 'radius by member' | 'search' | 'search and store';

interface OptionRules {
  readonly kind: SearchKind;
  /** Whether STORE and STOREDIST are taken. */
  readonly mayStore: boolean;
  readonly set: SortedSetValue | undefined;
}

/** A request while it is being read. */
interface Draft {
  center: Position | undefined;
  centerFrom: 'member' | 'position' | undefined;
  outline: { readonly radius: number } | { readonly width: number; readonly height: number } | undefined;
  unitMeters: number;
  withDistance: boolean;
  withHash: boolean;
  withPosition: boolean;
  order: SearchRequest['order'];
  count: number;
  takesAny: boolean;
  storeAt: Bytes | undefined;
  storesDistance: boolean;
}

export function readSearch(context: Context, rules: OptionRules): SearchRequest {
  const draft: Draft = {
    center: undefined,
    centerFrom: undefined,
    outline: undefined,
    unitMeters: 1,
    withDistance: false,
    withHash: false,
    withPosition: false,
    order: 'none',
    count: 0,
    takesAny: false,
    storeAt: rules.kind === 'search and store' ? context.word(1) : undefined,
    storesDistance: false,
  };
  let at = readFixedPart(context, draft, rules);
  while (at < context.words.length) at += readOption(context, at, draft, rules);
  checkTogether(context, draft, rules.kind);
  return { ...draft, shape: shapeOf(draft) };
}

/** What stands in the same place always; gives the position of the first option. */
function readFixedPart(context: Context, draft: Draft, { kind, set }: OptionRules): number {
  if (kind === 'search') return 2;
  if (kind === 'search and store') return 3;
  const base = kind === 'radius' ? 6 : 5;
  if (kind === 'radius') {
    draft.center = readPosition(context, 2);
  } else {
    // Without a set only options are looked at, which say what to answer.
    if (set === undefined) return base;
    draft.center = memberPosition(set, context.word(2));
  }
  readRadius(context, base - 2, draft);
  return base;
}

function readRadius(context: Context, position: number, draft: Draft): void {
  const radius = context.double(position, 'ERR need numeric radius');
  if (radius < 0) throw plainError('radius cannot be negative');
  draft.unitMeters = readUnit(context, position + 1);
  draft.outline = { radius: radius * draft.unitMeters };
}

function readBox(context: Context, position: number, draft: Draft): void {
  const width = context.double(position, 'ERR need numeric width');
  const height = context.double(position + 1, 'ERR need numeric height');
  if (height < 0 || width < 0) throw plainError('height or width cannot be negative');
  draft.unitMeters = readUnit(context, position + 2);
  draft.outline = { width: width * draft.unitMeters, height: height * draft.unitMeters };
}

/** How many words the option took. */
function readOption(context: Context, at: number, draft: Draft, rules: OptionRules): number {
  const name = context.option(at);
  switch (name) {
    case 'withdist':
      draft.withDistance = true;
      return 1;
    case 'withhash':
      draft.withHash = true;
      return 1;
    case 'withcoord':
      draft.withPosition = true;
      return 1;
    case 'any':
      draft.takesAny = true;
      return 1;
    case 'asc':
    case 'desc':
      draft.order = name === 'asc' ? 'near first' : 'far first';
      return 1;
    case 'count':
      if (at + 1 >= context.words.length) throw syntaxError();
      draft.count = context.integer(at + 1);
      if (draft.count <= 0) throw plainError('COUNT must be > 0');
      return 2;
    default:
      return rules.kind === 'search' || rules.kind === 'search and store'
        ? readSearchOption(context, at, draft, rules)
        : readStore(context, at, draft, rules);
  }
}

function readStore(context: Context, at: number, draft: Draft, { mayStore }: OptionRules): number {
  const name = context.option(at);
  const isStore = name === 'store' || name === 'storedist';
  if (!isStore || !mayStore || at + 1 >= context.words.length) throw syntaxError();
  draft.storeAt = context.word(at + 1);
  draft.storesDistance = name === 'storedist';
  return 2;
}

function readSearchOption(context: Context, at: number, draft: Draft, { kind, set }: OptionRules): number {
  const name = context.option(at);
  const behind = context.words.length - at - 1;
  if (name === 'storedist' && kind === 'search and store') {
    draft.storesDistance = true;
    return 1;
  }
  if (name === 'frommember' && behind >= 1 && draft.centerFrom !== 'position') {
    if (set !== undefined) draft.center = memberPosition(set, context.word(at + 1));
    draft.centerFrom = 'member';
    return 2;
  }
  if (name === 'fromlonlat' && behind >= 2 && draft.centerFrom !== 'member') {
    draft.center = readPosition(context, at + 1);
    draft.centerFrom = 'position';
    return 3;
  }
  const isBox = draft.outline !== undefined && 'width' in draft.outline;
  if (name === 'byradius' && behind >= 2 && !isBox) {
    readRadius(context, at + 1, draft);
    return 3;
  }
  if (name === 'bybox' && behind >= 3 && (isBox || draft.outline === undefined)) {
    readBox(context, at + 1, draft);
    return 4;
  }
  throw syntaxError();
}

function checkTogether(context: Context, draft: Draft, kind: SearchKind): void {
  const isSearch = kind === 'search' || kind === 'search and store';
  if (draft.storeAt !== undefined && (draft.withDistance || draft.withHash || draft.withPosition)) {
    const name = kind === 'search and store' ? 'GEOSEARCHSTORE' : 'STORE option in GEORADIUS';
    throw plainError(`${name} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`);
  }
  if (isSearch && draft.centerFrom === undefined) {
    throw plainError(
      `exactly one of FROMMEMBER or FROMLONLAT can be specified for ${untilNul(context.word(0))}`,
    );
  }
  if (isSearch && draft.outline === undefined) {
    throw plainError(`exactly one of BYRADIUS and BYBOX can be specified for ${untilNul(context.word(0))}`);
  }
  if (draft.takesAny && draft.count === 0) throw plainError('the ANY argument requires COUNT argument');
}

function shapeOf({ center, outline }: Draft): Shape | undefined {
  if (center === undefined || outline === undefined) return undefined;
  return 'radius' in outline
    ? { kind: 'circle', center, radius: outline.radius }
    : { kind: 'box', center, width: outline.width, height: outline.height };
}
