/**
 * Counts numbers in a fixed amount of memory, so that a long run does not grow with its samples.
 *
 * A high dynamic range histogram (Tene, HdrHistogram) over the bits of a double: the exponent picks a page, the first
 * ten bits of the fraction a slot in it. Any two numbers in one slot differ by less than 0.1 %. Pages come as needed.
 */
const fractionBits = 10;
const slotsPerPage = 2 ** fractionBits;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

export class FloatHistogram {
  #negative = new Map<number, Uint32Array>();
  #notNegative = new Map<number, Uint32Array>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  record(value: number): void {
    float[0] = Math.abs(value);
    const high = words[1] ?? 0;
    const pages = value < 0 ? this.#negative : this.#notNegative;
    const exponent = high >>> 20;
    let page = pages.get(exponent);
    if (page === undefined) {
      page = new Uint32Array(slotsPerPage);
      pages.set(exponent, page);
    }
    const slot = (high >>> (20 - fractionBits)) & (slotsPerPage - 1);
    page[slot] = (page[slot] ?? 0) + 1;
    this.#count += 1;
  }

  /** The middle of the slot that holds the sample of this rank, counted from 0 in ascending order. */
  valueAtRank(rank: number): number {
    let before = 0;
    for (const [value, count] of this.#ascending()) {
      before += count;
      if (rank < before) return value;
    }
    return Number.NaN;
  }

  *#ascending(): Generator<readonly [middle: number, count: number]> {
    for (const exponent of [...this.#negative.keys()].toSorted((left, right) => right - left)) {
      const page = this.#negative.get(exponent);
      for (let slot = slotsPerPage - 1; slot >= 0; slot -= 1) {
        const count = page?.[slot] ?? 0;
        if (count > 0) yield [-middleOf(exponent, slot), count];
      }
    }
    for (const exponent of [...this.#notNegative.keys()].toSorted((left, right) => left - right)) {
      const page = this.#notNegative.get(exponent);
      for (let slot = 0; slot < slotsPerPage; slot += 1) {
        const count = page?.[slot] ?? 0;
        if (count > 0) yield [middleOf(exponent, slot), count];
      }
    }
  }
}

function middleOf(exponent: number, slot: number): number {
  if (exponent === 0 && slot === 0) return 0;
  words[0] = 0;
  words[1] = ((exponent << 20) | (slot << (20 - fractionBits)) | (1 << (19 - fractionBits))) >>> 0;
  return float[0] ?? Number.NaN;
}
