/**
 * The quicksort of the original's table.sort (median of three, the smaller part first): it is not stable, so that the order of equal
 * items, and which items a comparison sees, follow from the algorithm. After Sedgewick, as in ltablib.c.
 */
import { NativeFault } from '../errors.ts';
import { isLess } from '../operations.ts';
import { type LuaTable, isTruthy, type Caller, type LuaFunction } from '../values.ts';
import type { LuaValue } from '../values.ts';

export function sortTable(table: LuaTable, comparison: LuaFunction | undefined, caller: Caller): void {
  const isBefore = (left: LuaValue, right: LuaValue): boolean =>
    comparison === undefined
      ? isLess(left, right, caller)
      : isTruthy(caller.call(comparison, [left, right])[0]);
  sortRange(table, 1, table.length(), isBefore);
}

type IsBefore = (left: LuaValue, right: LuaValue) => boolean;

function sortRange(table: LuaTable, first: number, last: number, isBefore: IsBefore): void {
  let low = first;
  let high = last;
  while (low < high) {
    orderPair(table, low, high, isBefore);
    if (high - low === 1) return;
    const middle = Math.floor((low + high) / 2);
    if (isBefore(table.get(middle), table.get(low))) swap(table, middle, low);
    else if (isBefore(table.get(high), table.get(middle))) swap(table, middle, high);
    if (high - low === 2) return;
    const pivot = table.get(middle);
    swap(table, middle, high - 1);
    const split = partition(table, low, high, pivot, isBefore);
    if (split - low < high - split) {
      sortRange(table, low, split - 1, isBefore);
      low = split + 1;
    } else {
      sortRange(table, split + 1, high, isBefore);
      high = split - 1;
    }
  }
}

/** Where the pivot ends up. */
function partition(table: LuaTable, low: number, high: number, pivot: LuaValue, isBefore: IsBefore): number {
  let up = low;
  let down = high - 1;
  for (;;) {
    up += 1;
    while (isBefore(table.get(up), pivot)) {
      if (up > high) throw new NativeFault('invalid order function for sorting');
      up += 1;
    }
    down -= 1;
    while (isBefore(pivot, table.get(down))) {
      if (down < low) throw new NativeFault('invalid order function for sorting');
      down -= 1;
    }
    if (down < up) break;
    swap(table, up, down);
  }
  swap(table, high - 1, up);
  return up;
}

function orderPair(table: LuaTable, low: number, high: number, isBefore: IsBefore): void {
  if (isBefore(table.get(high), table.get(low))) swap(table, low, high);
}

function swap(table: LuaTable, left: number, right: number): void {
  const value = table.get(left);
  table.set(left, table.get(right));
  table.set(right, value);
}
