/** When the moments of a timeline come: planned from the start of the load, and later by as long as the timeline was held. */
import type { Clock } from '../clock.ts';

export class Schedule {
  readonly #startMs: number;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #heldMs = 0;
  #holds: Promise<void> = Promise.resolve();

  /** `startMs` is an epoch time; `signal` gives up every wait, with its reason. */
  constructor(startMs: number, clock: Clock, signal: AbortSignal) {
    this.#startMs = startMs;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Resolves `atMs` after the start, and never while the timeline is held. */
  async until(atMs: number): Promise<void> {
    for (;;) {
      await this.#holds;
      this.#signal.throwIfAborted();
      const lateMs = this.lateMs(atMs);
      if (lateMs >= 0) return;
      await this.#clock.sleep(-lateMs, this.#signal);
    }
  }

  /** How long ago that moment was; negative while it is still to come. */
  lateMs(atMs: number): number {
    return this.#clock.nowMs() - (this.#startMs + this.#heldMs + atMs);
  }

  /** Holds everything that is still to come until `work` is done; one after the other when there are several. */
  hold(work: () => Promise<void>): Promise<void> {
    this.#holds = this.#holds.then(async () => {
      const sinceMs = this.#clock.nowMs();
      await work();
      this.#heldMs += this.#clock.nowMs() - sinceMs;
    });
    return this.#holds;
  }
}
