/** Order and equality of values in expressions, where a missing field is below null and not equal to it. */
import { Decimal128 } from 'bson';
import { compareValues } from '../../bson/compare.ts';
import { valueClass, valueClasses } from '../../bson/value-class.ts';
import { numberTypeOf, toDouble } from '../../numbers/number-type.ts';
import { exactLong } from '../../numbers/rounding.ts';
import { encodeKey } from '../../storage/key-encoding.ts';
import type { ExpressionEnvironment } from './evaluation.ts';

export type Compare = (left: unknown, right: unknown) => number;

/** Negative, zero or positive, strings by the environment's collation. */
export function orderOf({ collation }: ExpressionEnvironment): Compare {
  const compare: Compare =
    collation === undefined ? compareValues : (left, right) => collation.compare(left, right);
  return (left, right) =>
    left === undefined || right === undefined ? compareMissing(left, right) : compare(left, right);
}

function compareMissing(left: unknown, right: unknown): number {
  if (left === undefined && right === undefined) return 0;
  const isOtherLess = valueClass(left ?? right) === valueClasses.minKey && (left ?? right) !== undefined;
  if (left === undefined) return isOtherLess ? 1 : -1;
  return isOtherLess ? -1 : 1;
}

/** Values by equality as BSON sees it: 1, 1.0 and Long 1 are one key. It keeps the order in which keys came. */
export class ValueMap<Item> {
  readonly #compare: Compare | undefined;
  readonly #items = new Map<string | number, { readonly key: unknown; item: Item }>();

  constructor(environment: ExpressionEnvironment) {
    this.#compare = environment.collation === undefined ? undefined : orderOf(environment);
  }

  get size(): number {
    return this.#items.size;
  }

  get(key: unknown): Item | undefined {
    return this.#items.get(this.#textOf(key))?.item;
  }

  has(key: unknown): boolean {
    return this.#items.has(this.#textOf(key));
  }

  set(key: unknown, item: Item): void {
    const text = this.#textOf(key);
    const found = this.#items.get(text);
    if (found === undefined) this.#items.set(text, { key, item });
    else found.item = item;
  }

  delete(key: unknown): void {
    this.#items.delete(this.#textOf(key));
  }

  *entries(): IterableIterator<{ readonly key: unknown; readonly item: Item }> {
    yield* this.#items.values();
  }

  *keys(): IterableIterator<unknown> {
    for (const { key } of this.#items.values()) yield key;
  }

  /** A collation makes different strings equal, which only comparing tells. */
  #textOf(key: unknown): string | number {
    if (this.#compare !== undefined) {
      for (const [text, known] of this.#items) if (this.#compare(known.key, key) === 0) return text;
      return this.#items.size;
    }
    if (typeof key === 'string') return `"${key}`;
    return safeInteger(key) ?? encodeKey([key], [1]);
  }
}

/** A number of any type as a plain one, where that is exact and whole; -0 is 0 to a map. */
function safeInteger(value: unknown): number | undefined {
  if (numberTypeOf(value) === undefined) return undefined;
  const double = toDouble(value);
  if (!Number.isSafeInteger(double)) return undefined;
  if (!(value instanceof Decimal128)) return double;
  return exactLong(value) === BigInt(double) ? double : undefined;
}

/** A set of values, of the same equality. */
export class ValueSet {
  readonly #map: ValueMap<true>;

  constructor(environment: ExpressionEnvironment, values: Iterable<unknown> = []) {
    this.#map = new ValueMap(environment);
    for (const value of values) this.add(value);
  }

  get size(): number {
    return this.#map.size;
  }

  add(value: unknown): void {
    if (!this.#map.has(value)) this.#map.set(value, true);
  }

  has(value: unknown): boolean {
    return this.#map.has(value);
  }

  values(): unknown[] {
    return [...this.#map.keys()];
  }
}
