/** Chooses how to find the documents of a filter: by `_id`, through an index, or by reading the whole collection. */
import { collationOf, sameCollation } from '../../collation/collation.ts';
import type { Collation } from '../../collation/collation.ts';
import { MongoError, locationError } from '../../errors.ts';
import { isOrdered } from '../../storage/index-kind.ts';
import type { CollectionInfo, Document, IndexRange, IndexSpec } from '../../storage/contract.ts';
import { isDocument } from '../bson-value.ts';
import { isOperatorDocument } from '../field-operators.ts';
import { isRegularExpression } from '../regular-expression.ts';
import type { Sort } from '../sort.ts';
import { conditionsOf } from './conditions.ts';
import type { Conditions } from './conditions.ts';
import { indexBounds } from './index-bounds.ts';
import { coversFilter } from './partial-index.ts';

export type Plan =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'id'; readonly id: unknown }
  | {
      readonly kind: 'index';
      readonly index: IndexSpec;
      readonly ranges: readonly IndexRange[];
      readonly providesSort: boolean;
    }
  | { readonly kind: 'collection'; readonly reverse: boolean; readonly providesSort: boolean };

export interface PlanInput {
  readonly filter: Document;
  readonly sort: Sort | undefined;
  readonly hint: unknown;
  readonly collation: Collation | undefined;
  /** First and last keys of the hinted index, the last excluded. */
  readonly min: Document | undefined;
  readonly max: Document | undefined;
  /** Options of the collection. */
  options(): Document | undefined;
  /** Asked for only when the filter is not by `_id`. */
  collection(): CollectionInfo | undefined;
}

/** @throws MongoError BadValue when the hint names no index. */
export function planQuery(input: PlanInput): Plan {
  const { filter, hint, sort } = input;
  const id = soleId(filter);
  if (id !== undefined && hint === undefined && isIdComparedAlike(id, input)) return { kind: 'id', id };
  const collection = input.collection();
  if (collection === undefined) return { kind: 'nothing' };
  const natural = naturalDirection(hint) ?? naturalOrder(sort);
  const clustered =
    natural === undefined
      ? undefined
      : clusteredPlan(collection, natural === -1, hint === undefined || sort === undefined);
  if (clustered !== undefined) return clustered;
  if (natural !== undefined)
    return {
      kind: 'collection',
      reverse: natural === -1,
      providesSort: hint === undefined || sort === undefined,
    };
  if (hint === undefined) return bestIndex(input, collection, collection.indexes.filter(isChosen), false);
  const hinted = hintedIndex(collection, hint);
  if (!isOrdered(hinted)) return { kind: 'collection', reverse: false, providesSort: false };
  if (input.min !== undefined || input.max !== undefined) return betweenKeys(hinted, input);
  return bestIndex(input, collection, [hinted], true);
}

function isChosen(index: IndexSpec): boolean {
  return index.hidden !== true && isOrdered(index);
}

/** The `_id` index has the collection's own collation, which the query need not have. */
function isIdComparedAlike(id: unknown, { collation, options }: PlanInput): boolean {
  if (!containsText(id)) return true;
  const own = options()?.['collation'];
  if (own === undefined && collation === undefined) return true;
  return sameCollation(isDocument(own) ? collationOf(own) : undefined, collation);
}

/** @throws MongoError 51174 unless the keys have just the fields of the index. */
function betweenKeys(index: IndexSpec, { min, max }: PlanInput): Plan {
  const paths = Object.keys(index.key);
  const valuesOf = (key: Document): unknown[] => {
    if (Object.keys(key).join('\0') !== paths.join('\0')) {
      throw locationError(51174, 'The index chosen is not compatible with min/max');
    }
    return paths.map((path) => key[path]);
  };
  const range = {
    lower: min === undefined ? [] : valuesOf(min),
    lowerInclusive: true,
    upper: max === undefined ? [] : valuesOf(max),
    upperInclusive: max === undefined,
    reverse: false,
  };
  return { kind: 'index', index, ranges: [range], providesSort: false };
}

/** Whether the index orders strings as the query does, or none are asked for. */
function comparesAlike(
  index: IndexSpec,
  collation: Collation | undefined,
  conditions: Conditions,
): 'alike' | 'without text' | 'differently' {
  const own = index.collation === undefined ? undefined : collationOf(index.collation);
  if (sameCollation(own, collation)) return 'alike';
  const asked = Object.keys(index.key).flatMap((path) => conditions.get(path) ?? []);
  const hasText = asked.some(
    ({ points = [], lower, upper }) =>
      points.some(containsText) || containsText(lower?.value) || containsText(upper?.value),
  );
  return hasText || asked.length === 0 ? 'differently' : 'without text';
}

function containsText(value: unknown): boolean {
  if (typeof value === 'string') return true;
  if (Array.isArray(value)) return value.some(containsText);
  return isDocument(value) && Object.values(value).some(containsText);
}

function bestIndex(
  { filter, sort: wantedSort, collation }: PlanInput,
  collection: CollectionInfo,
  candidates: readonly IndexSpec[],
  isHinted: boolean,
): Plan {
  const conditions = conditionsOf(filter);
  let best: { plan: Plan; score: number } | undefined;
  for (const index of candidates) {
    const isMultikey = collection.multikey?.includes(index.name) === true;
    const covers = coversFilter(index, filter, conditions);
    if (!covers && !isHinted) continue;
    const likeness = comparesAlike(index, collation, conditions);
    if (likeness === 'differently' && !isHinted) continue;
    const sort = likeness === 'alike' && wantedSort?.isComputed !== true ? wantedSort : undefined;
    const found = likeness === 'differently' ? undefined : indexBounds(index, conditions, isMultikey, sort);
    const bounds = found ?? (isHinted ? wholeIndex : undefined);
    if (bounds === undefined) continue;
    const isIdPoint = index.name === '_id_' && bounds.pointFields === 1;
    const score =
      (isIdPoint ? 1000 : 0) +
      bounds.pointFields * 10 +
      bounds.rangeFields * 5 +
      (bounds.providesSort && sort !== undefined ? 3 : 0) +
      (index.unique && bounds.pointFields === Object.keys(index.key).length ? 20 : 0);
    if (best !== undefined && best.score >= score) continue;
    const { ranges, providesSort } = bounds;
    best = { score, plan: { kind: 'index', index, ranges, providesSort } };
  }
  if (best !== undefined) return best.plan;
  return (
    clusteredPlan(collection, false, false) ?? { kind: 'collection', reverse: false, providesSort: false }
  );
}

/** A clustered collection lies in the order of `_id`. */
function clusteredPlan(
  { indexes, options }: CollectionInfo,
  reverse: boolean,
  providesSort: boolean,
): Plan | undefined {
  if (options['clusteredIndex'] === undefined) return undefined;
  const index = indexes.find(({ name }) => name === '_id_');
  if (index === undefined) return undefined;
  const ranges = wholeIndex.ranges.map((range) => ({ ...range, reverse }));
  return { kind: 'index', index, ranges, providesSort };
}

const wholeIndex = {
  ranges: [{ lower: [], lowerInclusive: true, upper: [], upperInclusive: true, reverse: false }],
  pointFields: 0,
  rangeFields: 0,
  providesSort: false,
};

/** The value of `{_id: value}`, the filter that needs no plan. */
export function soleId(filter: Document): unknown {
  const id = filter['_id'];
  if (id === undefined || id === null || Array.isArray(id) || isRegularExpression(id)) return undefined;
  if (!isOperatorDocument(id)) return id;
  const equal = id['$eq'];
  return Object.keys(id).length === 1 &&
    !Array.isArray(equal) &&
    !isRegularExpression(equal) &&
    equal !== null
    ? equal
    : undefined;
}

function naturalDirection(hint: unknown): 1 | -1 | undefined {
  if (!isDocument(hint) || hint['$natural'] === undefined) return undefined;
  return Number(hint['$natural']) < 0 ? -1 : 1;
}

function naturalOrder(sort: Sort | undefined): 1 | -1 | undefined {
  const first = sort?.fields[0];
  return first?.path === '$natural' ? first.direction : undefined;
}

function hintedIndex(collection: CollectionInfo, hint: unknown): IndexSpec {
  const found = collection.indexes.find(
    (index) =>
      index.hidden !== true && (typeof hint === 'string' ? index.name === hint : sameKey(index.key, hint)),
  );
  if (found !== undefined) return found;
  throw new MongoError(
    'BadValue',
    `error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index`,
  );
}

function sameKey(key: IndexSpec['key'], hint: unknown): boolean {
  if (!isDocument(hint)) return false;
  const wanted = Object.entries(hint);
  const fields = Object.entries(key);
  return (
    wanted.length === fields.length &&
    fields.every(
      ([path, direction], index) =>
        wanted[index]?.[0] === path &&
        (wanted[index][1] === direction || Number(wanted[index][1]) === direction),
    )
  );
}
