/** How often something happens: the average over the last whole intervals, as INFO gives commands per second. */
const intervalMs = 100;
const intervals = 16;

export class Rate {
  /** Counts of intervals, by their number modulo how many are kept. */
  readonly #counts = Array.from({ length: intervals }, () => 0);
  #current = 0;

  add(nowMs: number): void {
    this.#advance(nowMs);
    const slot = this.#current % intervals;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
  }

  perSecond(nowMs: number): number {
    this.#advance(nowMs);
    const sum = this.#counts.reduce((left, right) => left + right, 0);
    return Math.floor(sum / ((intervals * intervalMs) / 1000));
  }

  #advance(nowMs: number): void {
    const now = Math.floor(nowMs / intervalMs);
    for (let step = 1; step <= Math.min(intervals, now - this.#current); step += 1) {
      this.#counts[(this.#current + step) % intervals] = 0;
    }
    this.#current = Math.max(now, this.#current);
  }
}
