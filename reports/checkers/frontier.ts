/**
 * Answers "when was something newer than this first known?" for one growing number, a version or a turn, in
 * logarithmic time. Staleness of a read is the time from that moment to the read's start.
 */
import { firstIndex } from '../history/first-index.ts';
import type { Operation } from '../history/operation.ts';

interface Known {
  readonly value: number;
  readonly operation: Operation;
}

export class Frontier {
  readonly #known: Known[] = [];
  /** For each index the known of least end time at or after it. */
  #earliest: Known[] | null = null;

  /** Records that `value` was in effect by the end of `operation`. */
  add(value: number, operation: Operation): void {
    this.#known.push({ value, operation });
    this.#earliest = null;
  }

  /** The operation that ended first among those that knew a value above `value`. */
  firstAbove(value: number): Operation | undefined {
    const earliest = (this.#earliest ??= this.#index());
    return earliest[firstIndex(this.#known, (known) => known.value > value)]?.operation;
  }

  #index(): Known[] {
    this.#known.sort((left, right) => left.value - right.value);
    const earliest: Known[] = [];
    let best: Known | undefined;
    for (let index = this.#known.length - 1; index >= 0; index -= 1) {
      const known = this.#known[index];
      if (known !== undefined && (best === undefined || known.operation.endedMs < best.operation.endedMs))
        best = known;
      if (best !== undefined) earliest[index] = best;
    }
    return earliest;
  }
}

/** A frontier for each key, made on first use. */
export class Frontiers {
  readonly #byKey = new Map<string, Frontier>();

  add(key: string, value: number, operation: Operation): void {
    let frontier = this.#byKey.get(key);
    if (frontier === undefined) {
      frontier = new Frontier();
      this.#byKey.set(key, frontier);
    }
    frontier.add(value, operation);
  }

  firstAbove(key: string, value: number): Operation | undefined {
    return this.#byKey.get(key)?.firstAbove(value);
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }
}
