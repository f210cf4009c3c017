/** Array and set operators against plain loops, with an equality of their own. */
import { Double, Long } from 'bson';
import type { Random } from '../../../../random.ts';
import type { CaseGenerator, OracleCase } from './case.ts';
import { valueCase } from './case.ts';
import { drawList, drawScalar } from './random-values.ts';

/** Of the scalars that are drawn: numbers by value, whatever their type. */
function same(a: unknown, b: unknown): boolean {
  const number = (value: unknown): number | undefined =>
    typeof value === 'number'
      ? value
      : value instanceof Double || value instanceof Long
        ? Number(value)
        : undefined;
  const [x, y] = [number(a), number(b)];
  return x === undefined || y === undefined ? x === y && a === b : x === y;
}

function indexOf(list: readonly unknown[], wanted: unknown): number {
  for (let index = 0; index < list.length; index += 1) if (same(list[index], wanted)) return index;
  return -1;
}

function distinct(list: readonly unknown[]): unknown[] {
  const found: unknown[] = [];
  for (const value of list) if (indexOf(found, value) === -1) found.push(value);
  return found;
}

function membership(random: Random): OracleCase {
  const [list, wanted] = [drawList(random), drawScalar(random)];
  return random.next() < 0.5
    ? valueCase({ $in: ['$w', '$l'] }, { l: list, w: wanted }, indexOf(list, wanted) !== -1)
    : valueCase({ $indexOfArray: ['$l', '$w'] }, { l: list, w: wanted }, indexOf(list, wanted));
}

function element(random: Random): OracleCase {
  const list = drawList(random);
  const index = random.integer(-8, 8);
  const value = list[index < 0 ? list.length + index : index];
  return valueCase({ $ifNull: [{ $arrayElemAt: ['$l', index] }, 'none'] }, { l: list }, value ?? 'none');
}

function slicing(random: Random): OracleCase {
  const list = drawList(random);
  const [start, count] = [random.integer(-8, 8), random.integer(1, 5)];
  const from = start < 0 ? Math.max(list.length + start, 0) : start;
  const result: unknown[] = [];
  for (let index = from; index < Math.min(from + count, list.length); index += 1) result.push(list[index]);
  return valueCase({ $slice: ['$l', start, count] }, { l: list }, result);
}

function sets(random: Random): OracleCase {
  const [a, b] = [drawList(random), drawList(random)];
  const shared = distinct(a).filter((value) => indexOf(b, value) !== -1);
  const isSubset = a.every((value) => indexOf(b, value) !== -1);
  const isEqual = isSubset && b.every((value) => indexOf(a, value) !== -1);
  const [expression, value] = random.pick<readonly [unknown, unknown]>([
    [{ $size: { $setUnion: ['$a', '$b'] } }, distinct([...a, ...b]).length],
    [{ $size: { $setIntersection: ['$a', '$b'] } }, shared.length],
    [{ $size: { $setDifference: ['$a', '$b'] } }, distinct(a).length - shared.length],
    [{ $setIsSubset: ['$a', '$b'] }, isSubset],
    [{ $setEquals: ['$a', '$b'] }, isEqual],
  ]);
  return valueCase(expression, { a, b }, value);
}

function iteration(random: Random): OracleCase {
  const list = Array.from({ length: random.integer(0, 7) }, () => random.integer(-9, 9));
  let [sum, kept, doubled]: [number, number[], number[]] = [0, [], []];
  for (const value of list) {
    sum += value;
    if (value > 2) kept = [...kept, value];
    doubled = [...doubled, value * 2];
  }
  const [expression, value] = random.pick<readonly [unknown, unknown]>([
    [{ $reduce: { input: '$l', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, sum],
    [{ $filter: { input: '$l', as: 'x', cond: { $gt: ['$$x', 2] } } }, kept],
    [{ $map: { input: '$l', in: { $multiply: ['$$this', 2] } } }, doubled],
    [{ $reverseArray: '$l' }, list.map((_, index) => list[list.length - 1 - index])],
    [{ $sortArray: { input: '$l', sortBy: 1 } }, sortedByInsertion(list)],
    [{ $size: '$l' }, list.length],
  ]);
  return valueCase(expression, { l: list }, value);
}

function sortedByInsertion(list: readonly number[]): number[] {
  const result: number[] = [];
  for (const value of list) {
    let at = 0;
    while (at < result.length && (result[at] ?? 0) <= value) at += 1;
    result.splice(at, 0, value);
  }
  return result;
}

function range(random: Random): OracleCase {
  const [start, end] = [random.integer(-10, 10), random.integer(-10, 10)];
  const step = random.pick([-3, -1, 1, 2, 5]);
  const values: number[] = [];
  for (let value = start; step > 0 ? value < end : value > end; value += step) values.push(value);
  return valueCase({ $range: ['$s', end, step] }, { s: start }, values);
}

function zipping(random: Random): OracleCase {
  const [a, b] = [drawList(random), drawList(random)];
  const longest = random.next() < 0.5;
  const rows: unknown[] = [];
  for (let row = 0; row < (longest ? Math.max : Math.min)(a.length, b.length); row += 1) {
    rows.push([row < a.length ? a[row] : null, row < b.length ? b[row] : null]);
  }
  return valueCase({ $zip: { inputs: ['$a', '$b'], useLongestLength: longest } }, { a, b }, rows);
}

function truth(random: Random): OracleCase {
  const [a, b] = [drawScalar(random), drawScalar(random)];
  const isTrue = (value: unknown): boolean => value !== null && value !== false && !same(value, 0);
  const [expression, value] = random.pick<readonly [unknown, unknown]>([
    [{ $and: ['$a', '$b'] }, isTrue(a) && isTrue(b)],
    [{ $or: ['$a', '$b'] }, isTrue(a) || isTrue(b)],
    [{ $not: '$a' }, !isTrue(a)],
    [{ $cond: ['$a', 'yes', 'no'] }, isTrue(a) ? 'yes' : 'no'],
    [{ $not: '$missing' }, true],
  ]);
  return valueCase(expression, { a, b }, value);
}

export const arrayCases: readonly CaseGenerator[] = [
  membership,
  element,
  slicing,
  sets,
  iteration,
  iteration,
  range,
  zipping,
  truth,
];
