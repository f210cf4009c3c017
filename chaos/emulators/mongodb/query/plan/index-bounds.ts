/** Turns the conditions on an index's leading fields to the ranges to be read, and says what order they come in. */
import type { IndexDirection, IndexRange, IndexSpec } from '../../storage/contract.ts';
import { compareValues } from '../../bson/compare.ts';
import type { Sort } from '../sort.ts';
import type { Bound, Condition, Conditions } from './conditions.ts';

/** More ranges than this are not worth it; the last field's points are then left to the filter. */
const rangesMax = 1000;

export interface IndexBounds {
  readonly ranges: readonly IndexRange[];
  /** Fields with points, then fields with a range: what the planner compares indexes by. */
  readonly pointFields: number;
  readonly rangeFields: number;
  readonly providesSort: boolean;
}

/** undefined when no condition is on the index's first field and the index does not give the order either. */
export function indexBounds(
  index: IndexSpec,
  conditions: Conditions,
  isMultikey: boolean,
  sort: Sort | undefined,
): IndexBounds | undefined {
  const fields = Object.entries(index.key);
  let prefixes: unknown[][] = [[]];
  let pointFields = 0;
  let range: Condition | undefined;
  let singlePoints = true;
  for (const [path] of fields) {
    const condition = combine(conditions.get(path) ?? [], isMultikey);
    if (condition?.points !== undefined) {
      const points = distinctAscending(condition.points);
      if (prefixes.length * points.length > rangesMax) break;
      if (points.length !== 1) singlePoints = false;
      prefixes = prefixes.flatMap((prefix) => points.map((point) => [...prefix, point]));
      pointFields += 1;
      continue;
    }
    if (index.key[path] !== 'hashed') range = condition;
    break;
  }
  const order =
    sort === undefined || isMultikey || !singlePoints ? undefined : sortDirection(fields, pointFields, sort);
  if (pointFields === 0 && range === undefined && order === undefined) return undefined;
  const reverse = order === -1;
  const ranges = prefixes.map((prefix) => rangeOf(prefix, range, reverse));
  return { ranges, pointFields, rangeFields: range === undefined ? 0 : 1, providesSort: order !== undefined };
}

function rangeOf(prefix: readonly unknown[], range: Condition | undefined, reverse: boolean): IndexRange {
  return {
    lower: range?.lower === undefined ? prefix : [...prefix, range.lower.value],
    lowerInclusive: range?.lower?.inclusive ?? true,
    upper: range?.upper === undefined ? prefix : [...prefix, range.upper.value],
    upperInclusive: range?.upper?.inclusive ?? true,
    reverse,
  };
}

/** On a multikey index different elements may fulfil different conditions, so only one of them can bound the scan. */
function combine(conditions: readonly Condition[], isMultikey: boolean): Condition | undefined {
  const [first, ...rest] = conditions.toSorted(
    (a, b) => (a.points?.length ?? 1e9) - (b.points?.length ?? 1e9),
  );
  if (first === undefined || first.points !== undefined || isMultikey) return first;
  return rest.reduce<Condition>((narrowed, other) => intersect(narrowed, other), first);
}

function intersect(a: Condition, b: Condition): Condition {
  const lower = tighter(a.lower, b.lower, 1);
  const upper = tighter(a.upper, b.upper, -1);
  return { ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) };
}

function tighter(a: Bound | undefined, b: Bound | undefined, direction: 1 | -1): Bound | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const order = compareValues(a.value, b.value) * direction;
  if (order === 0) return a.inclusive ? b : a;
  return order > 0 ? a : b;
}

function distinctAscending(points: readonly unknown[]): unknown[] {
  return points
    .toSorted(compareValues)
    .filter((point, index, sorted) => index === 0 || compareValues(sorted[index - 1], point) !== 0);
}

/** 1 or -1 when reading the index in that direction gives the order of `sort`. */
function sortDirection(
  fields: readonly (readonly [string, IndexDirection])[],
  pointFields: number,
  sort: Sort,
): 1 | -1 | undefined {
  const fixed = new Set(fields.slice(0, pointFields).map(([path]) => path));
  const wanted = sort.fields.filter(({ path }) => !fixed.has(path));
  const rest = fields.slice(pointFields);
  let direction: 1 | -1 | undefined;
  for (const [position, { path, direction: wantedDirection }] of wanted.entries()) {
    const field = rest[position];
    if (field === undefined || field[0] !== path || typeof field[1] === 'string') return undefined;
    const sign: 1 | -1 = field[1] === wantedDirection ? 1 : -1;
    if (direction !== undefined && direction !== sign) return undefined;
    direction = sign;
  }
  return direction ?? 1;
}
