/** Keys by the time at which they expire: a binary heap, in which entries that have become wrong are passed over. */
import type { Bytes } from '../bytes/byte-string.ts';

export interface DueKey {
  readonly key: Bytes;
  readonly atMs: number;
}

export class DueTimes {
  readonly #heap: DueKey[] = [];

  add(key: Bytes, atMs: number): void {
    const heap = this.#heap;
    let at = heap.length;
    const added = { key, atMs };
    heap.push(added);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.atMs <= atMs) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = added;
  }

  /** The earliest, of which `isCurrent` says that it is still meant. */
  first(isCurrent: (due: DueKey) => boolean): DueKey | undefined {
    for (;;) {
      const [first] = this.#heap;
      if (first === undefined || isCurrent(first)) return first;
      this.#removeFirst();
    }
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = heap[at * 2 + 1];
      const right = heap[at * 2 + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && right.atMs < left.atMs;
      const smaller = isRight ? right : left;
      if (smaller.atMs >= last.atMs) break;
      heap[at] = smaller;
      at = at * 2 + (isRight ? 2 : 1);
    }
    heap[at] = last;
  }
}
