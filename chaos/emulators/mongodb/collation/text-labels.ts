/**
 * Keys for an index in the order of a collation. Intl compares strings but gives no sort keys, so each different string
 * gets a label when it is first seen: text whose plain order is the collation's order. Equal strings share one. Labels
 * never change, because a new one is chosen between those of its neighbours.
 */
import { cloneContainers, isDocument, setField } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import type { Collation } from './collation.ts';

interface Labelled {
  readonly text: string;
  readonly label: Label;
}

/** A whole number with room for others beside it, then digits of the same width for what comes between. */
type Label = readonly number[];

const middle = 2 ** 47;
const step = 2 ** 20;
const limit = 2 ** 48;

export class TextLabels {
  readonly #collation: Collation;
  /** In the order of the collation. */
  readonly #known: Labelled[] = [];

  constructor(collation: Collation) {
    this.#collation = collation;
  }

  /** The value with its strings replaced by labels, for an entry of the index. */
  keep(value: unknown): unknown {
    return this.#replace(value, (text) => this.#labelOf(text, true));
  }

  /** The same for a bound of a search: a string not in the index yet gets a label that is not remembered. */
  probe(value: unknown): unknown {
    return this.#replace(value, (text) => this.#labelOf(text, false));
  }

  #replace(value: unknown, labelOf: (text: string) => string): unknown {
    if (typeof value === 'string') return labelOf(value);
    if (Array.isArray(value)) return value.map((item: unknown) => this.#replace(item, labelOf));
    if (!isDocument(value)) return value;
    const result: Document = cloneContainers(value);
    for (const name of Object.keys(value)) setField(result, name, this.#replace(value[name], labelOf));
    return result;
  }

  #labelOf(text: string, isKept: boolean): string {
    let low = 0;
    let high = this.#known.length;
    while (low < high) {
      const position = (low + high) >>> 1;
      const known = this.#known[position];
      if (known === undefined) break;
      const order = this.#collation.compareText(known.text, text);
      if (order === 0) return labelText(known.label);
      if (order < 0) low = position + 1;
      else high = position;
    }
    const label = between(this.#known[low - 1]?.label, this.#known[low]?.label);
    if (isKept) this.#known.splice(low, 0, { text, label });
    return labelText(label);
  }
}

function between(before: Label | undefined, after: Label | undefined): Label {
  if (before === undefined && after === undefined) return [middle];
  if (after === undefined) return [(before?.[0] ?? middle) + step];
  if (before === undefined) return [(after[0] ?? middle) - step];
  const prefix: number[] = [];
  for (let depth = 0; ; depth += 1) {
    const low = before[depth] ?? 0;
    const isBelow = prefix.every((digit, index) => digit === after[index]);
    const high = isBelow ? (after[depth] ?? 0) : limit;
    if (high - low > 1) return [...prefix, low + Math.floor((high - low) / 2)];
    prefix.push(low);
  }
}

/** Each number as eight base-64 digits above the control characters, so that text order is number order. */
function labelText(label: Label): string {
  return label.map((number) => digitsOf(number)).join('');
}

function digitsOf(number: number): string {
  let text = '';
  let rest = number;
  for (let digit = 0; digit < 8; digit += 1) {
    text = String.fromCharCode(0x30 + (rest % 64)) + text;
    rest = Math.floor(rest / 64);
  }
  return text;
}
