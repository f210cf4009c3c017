/** How large the array part of a table becomes: the largest power of two of which more than half of the slots are in use. */

const bitsMax = 26;

export interface IntegerCounts {
  /** At n, how many integer keys are in (2^(n-1), 2^n]. */
  readonly perPower: readonly number[];
  /** Integer keys. */
  readonly integers: number;
  /** All keys. */
  readonly total: number;
}

/** Counts what a table holds, and one key that is about to be set. */
export function countIntegers(
  array: readonly unknown[],
  keys: readonly unknown[],
  values: readonly unknown[],
  extra: unknown,
): IntegerCounts {
  const perPower: number[] = Array.from({ length: bitsMax + 1 }, () => 0);
  let integers = 0;
  let total = 0;
  const add = (key: unknown): void => {
    total += 1;
    if (typeof key !== 'number' || !Number.isInteger(key) || key < 1 || key > 2 ** bitsMax) return;
    const power = ceilLog2(key);
    perPower[power] = (perPower[power] ?? 0) + 1;
    integers += 1;
  };
  array.forEach((value, index) => {
    if (value !== undefined) add(index + 1);
  });
  keys.forEach((key, at) => {
    if (values[at] !== undefined) add(key);
  });
  add(extra);
  return { perPower, integers, total };
}

/** The size, and how many of the integer keys go there. */
export function arraySizeFor({ perPower, integers }: IntegerCounts): { size: number; used: number } {
  let seen = 0;
  let used = 0;
  let size = 0;
  for (let power = 0, bound = 1; bound / 2 < integers; power += 1, bound *= 2) {
    const here = perPower[power] ?? 0;
    if (here > 0) {
      seen += here;
      if (seen > bound / 2) {
        size = bound;
        used = seen;
      }
    }
    if (seen === integers) break;
  }
  return { size, used };
}

/** Smallest n with 2^n ≥ value, for values of at least 1. */
export function ceilLog2(value: number): number {
  return value <= 1 ? 0 : 32 - Math.clz32(value - 1);
}

/** Sizes in a constructor's instruction are rounded up to 3 significant bits ("floating point byte"). */
export function roundToFloatingByte(size: number): number {
  let value = size;
  let exponent = 0;
  while (value >= 16) {
    value = (value + 1) >> 1;
    exponent += 1;
  }
  return value < 8 ? size : value * 2 ** exponent;
}
