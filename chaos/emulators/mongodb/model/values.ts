/**
 * Values of the model and their order, written down a second time and on purpose without any code of the server: null,
 * numbers, strings and arrays as MongoDB compares, matches and sorts them.
 */
export type Value = null | number | string | readonly Value[];

export type OrderOperator = '$gt' | '$gte' | '$lt' | '$lte';

/** Null, numbers, strings, arrays. */
function rank(value: Value): number {
  if (value === null) return 0;
  if (typeof value === 'number') return 1;
  return typeof value === 'string' ? 2 : 3;
}

export function compare(a: Value, b: Value): number {
  const difference = rank(a) - rank(b);
  if (difference !== 0) return difference;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (Array.isArray(a) && Array.isArray(b)) return compareArrays(a, b);
  return 0;
}

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  for (const [index, item] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = compare(item, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** An array is asked element by element and as a whole. */
function candidates(value: Value | undefined): (Value | undefined)[] {
  return Array.isArray(value) ? [...value, value] : [value];
}

export function matchesEqual(value: Value | undefined, wanted: Value): boolean {
  return candidates(value).some((candidate) => compare(candidate ?? null, wanted) === 0);
}

export function matchesOrder(value: Value | undefined, operator: OrderOperator, wanted: Value): boolean {
  return candidates(value).some((candidate) => {
    if (rank(candidate ?? null) !== rank(wanted)) return false;
    const order = compare(candidate ?? null, wanted);
    if (order === 0) return operator === '$gte' || operator === '$lte';
    return operator === '$gt' || operator === '$gte' ? order > 0 : order < 0;
  });
}

/** The key a value sorts by: an array's least or greatest element; an empty array comes before null. */
export function sortOrder(a: Value | undefined, b: Value | undefined, direction: 1 | -1): number {
  const left = sortKey(a, direction);
  const right = sortKey(b, direction);
  const order =
    left === undefined || right === undefined
      ? Number(left !== undefined) - Number(right !== undefined)
      : compare(left, right);
  return order * direction;
}

/** undefined is the key of an empty array. */
function sortKey(value: Value | undefined, direction: 1 | -1): Value | undefined {
  if (!Array.isArray(value)) return value ?? null;
  const items: readonly Value[] = value;
  return items.toSorted((a, b) => compare(a, b) * direction)[0];
}
