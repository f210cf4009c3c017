/** One index of a collection: its entries in order, and the rules which documents have one. */
import { decodeDocument } from '../bson/decode.ts';
import { collationOf } from '../collation/collation.ts';
import type { Collation } from '../collation/collation.ts';
import { TextLabels } from '../collation/text-labels.ts';
import type { Document, IndexRange, IndexSpec } from './contract.ts';
import { isOrdered } from './index-kind.ts';
import { checkIndexed } from './index-requirements.ts';
import { indexedValues, parsePath, type IndexPath } from './index-paths.ts';
import { aboveAll, encodeEntry, encodeKey } from './key-encoding.ts';
import { SortedKeys } from './sorted-keys.ts';

/** Compiles a filter of a partial index; given by the owner of the query language. */
export type FilterCompiler = (
  filter: Document,
  collation: Collation | undefined,
) => (document: Document) => boolean;

export class OrderedIndex {
  /** Replaced when options of the index change; its key never does. */
  spec: IndexSpec;
  readonly keys = new SortedKeys();
  readonly #paths: readonly IndexPath[];
  readonly #directions: readonly (1 | -1)[];
  readonly #isIncluded: ((document: Document) => boolean) | undefined;
  readonly #isOrdered: boolean;
  readonly #labels: TextLabels | undefined;
  /** Some document had an array on a path of this index, so it may have several entries. */
  isMultikey = false;

  constructor(spec: IndexSpec, compileFilter: FilterCompiler) {
    this.spec = spec;
    this.#paths = Object.keys(spec.key).map(parsePath);
    this.#directions = Object.values(spec.key).map((kind) => (kind === -1 ? -1 : 1));
    this.#isOrdered = isOrdered(spec);
    const collation = spec.collation === undefined ? undefined : collationOf(spec.collation);
    this.#labels = collation === undefined ? undefined : new TextLabels(collation);
    this.#isIncluded =
      spec.partialFilterExpression === undefined
        ? undefined
        : compileFilter(spec.partialFilterExpression, collation);
  }

  /** Entries of a document, without duplicates. */
  entries(bytes: Uint8Array, recordId: number): string[] {
    if (this.#isIncluded !== undefined && !this.#isIncluded(decodeDocument(bytes))) return [];
    checkIndexed(this.spec, bytes);
    if (!this.#isOrdered) return [];
    const { tuples, isMultikey } = indexedValues(bytes, this.#paths);
    if (isMultikey) this.isMultikey = true;
    const entries: string[] = [];
    for (const values of tuples) {
      if (this.spec.sparse && values.every((value) => value === undefined)) continue;
      entries.push(this.#encode(values, recordId));
    }
    return entries.length > 1 ? [...new Set(entries)] : entries;
  }

  /** Values behind one entry of a document, for the report of a duplicate; missing ones are null. */
  valuesOf(bytes: Uint8Array, recordId: number, entry: string): unknown[] {
    const { tuples } = indexedValues(bytes, this.#paths);
    const values = tuples.find((tuple) => this.#encode(tuple, recordId) === entry);
    return (values ?? []).map((value) => (value === undefined || typeof value === 'symbol' ? null : value));
  }

  /**
   * Entries in a range, ascending in the index's own order unless `reverse`. The bounds are in the order of the
   * values: where the first field in which they differ descends in the index, they change places.
   */
  walk(range: IndexRange): IterableIterator<string> {
    const lower = this.keyOf(range.lower);
    const upper = this.keyOf(range.upper);
    const isSwapped = this.#directions[this.#firstDifference(range)] === -1;
    const [first, firstInclusive] = isSwapped ? [upper, range.upperInclusive] : [lower, range.lowerInclusive];
    const [last, lastInclusive] = isSwapped ? [lower, range.lowerInclusive] : [upper, range.upperInclusive];
    const from = firstInclusive ? first : first + aboveAll;
    const to = lastInclusive ? last + aboveAll : last;
    return range.reverse ? this.keys.descending(from, to) : this.keys.ascending(from, to);
  }

  /** Key by which documents with these values are searched for. */
  keyOf(values: readonly unknown[]): string {
    const labels = this.#labels;
    const probes = labels === undefined ? values : values.map((value) => labels.probe(value));
    return encodeKey(probes, this.#directions);
  }

  #encode(values: readonly unknown[], recordId: number): string {
    const labels = this.#labels;
    const kept = labels === undefined ? values : values.map((value) => labels.keep(value));
    return encodeEntry(kept, this.#directions, recordId);
  }

  #firstDifference(range: IndexRange): number {
    const length = Math.min(range.lower.length, range.upper.length);
    for (let index = 0; index < length; index += 1) {
      const direction = [1 as const];
      if (encodeKey([range.lower[index]], direction) !== encodeKey([range.upper[index]], direction))
        return index;
    }
    return length;
  }
}
