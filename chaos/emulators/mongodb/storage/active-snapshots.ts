/** The timestamps at which transactions in progress read: what decides which old versions are still needed. */
export class ActiveSnapshots {
  /** Ascending, each with the number of transactions that read at it. */
  readonly #timestamps: number[] = [];
  readonly #counts = new Map<number, number>();

  get oldest(): number | undefined {
    return this.#timestamps[0];
  }

  /** `timestamp` is never less than one opened before. */
  open(timestamp: number): void {
    const count = this.#counts.get(timestamp) ?? 0;
    if (count === 0) this.#timestamps.push(timestamp);
    this.#counts.set(timestamp, count + 1);
  }

  close(timestamp: number): void {
    const count = this.#counts.get(timestamp) ?? 0;
    if (count > 1) {
      this.#counts.set(timestamp, count - 1);
      return;
    }
    this.#counts.delete(timestamp);
    this.#timestamps.splice(this.#timestamps.indexOf(timestamp), 1);
  }

  /** True when some snapshot sees a version that was committed at `from` and replaced at `to`. */
  needs(from: number, to: number): boolean {
    for (let index = this.#timestamps.length - 1; index >= 0; index -= 1) {
      const timestamp = this.#timestamps[index] ?? 0;
      if (timestamp < from) return false;
      if (timestamp < to) return true;
    }
    return false;
  }
}
