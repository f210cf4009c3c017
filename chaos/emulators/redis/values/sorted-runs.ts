/**
 * Items in order, found by position or by what they are compared with. They are kept in short runs, so that adding one moves few
 * others: a list of √n lists, as in Python's sortedcontainers.
 */
const runLengthMax = 512;

export class SortedRuns<T> {
  readonly #compare: (left: T, right: T) => number;
  readonly #runs: T[][] = [];
  #length = 0;

  constructor(compare: (left: T, right: T) => number) {
    this.#compare = compare;
  }

  get length(): number {
    return this.#length;
  }

  add(item: T): void {
    this.#length += 1;
    const at = this.#runFor((last) => this.#compare(last, item) < 0);
    const run = this.#runs[at] ?? this.#runs.at(-1);
    if (run === undefined) {
      this.#runs.push([item]);
      return;
    }
    run.splice(
      firstIndex(run, (other) => this.#compare(other, item) >= 0),
      0,
      item,
    );
    if (run.length > runLengthMax) {
      this.#runs.splice(Math.min(at, this.#runs.length - 1) + 1, 0, run.splice(runLengthMax / 2));
    }
  }

  /** Removes the item that compares as equal. */
  remove(item: T): void {
    const at = this.#runFor((last) => this.#compare(last, item) < 0);
    const run = this.#runs[at];
    if (run === undefined) return;
    const index = firstIndex(run, (other) => this.#compare(other, item) >= 0);
    const found = run[index];
    if (found === undefined || this.#compare(found, item) !== 0) return;
    run.splice(index, 1);
    if (run.length === 0) this.#runs.splice(at, 1);
    this.#length -= 1;
  }

  /** Number of items for which the test holds; it has to hold for all before one for which it does. */
  countWhile(isBefore: (item: T) => boolean): number {
    const at = this.#runFor(isBefore);
    let count = 0;
    for (let index = 0; index < at; index += 1) count += this.#runs[index]?.length ?? 0;
    const run = this.#runs[at];
    return run === undefined ? count : count + firstIndex(run, (item) => !isBefore(item));
  }

  at(position: number): T | undefined {
    let left = position;
    for (const run of this.#runs) {
      if (left < run.length) return run[left];
      left -= run.length;
    }
    return undefined;
  }

  /** Items of positions from `from` up to, not including, `to`. */
  slice(from: number, to: number): T[] {
    const items: T[] = [];
    let start = 0;
    for (const run of this.#runs) {
      if (start >= to) break;
      if (start + run.length > from) {
        for (const item of run.slice(Math.max(0, from - start), to - start)) items.push(item);
      }
      start += run.length;
    }
    return items;
  }

  /** First run whose last item is not before what is looked for. */
  #runFor(isBefore: (last: T) => boolean): number {
    return firstIndex(this.#runs, (run) => {
      const last = run.at(-1);
      return last === undefined || !isBefore(last);
    });
  }
}

/** Smallest index for which the test holds, by bisection; the length when it holds for none. */
function firstIndex<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && !holds(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}
