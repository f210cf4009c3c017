/** The option `rps`: requests of all VUs together begin at most so often. */
import type { Clock } from '../clock.ts';

export class RequestSlots {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  #nextMs = 0;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#intervalMs = 1000 / perSecond;
  }

  /** Waits for the next slot. */
  take(): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    const dueMs = Math.max(this.#nextMs, nowMs);
    this.#nextMs = dueMs + this.#intervalMs;
    if (dueMs <= nowMs) return Promise.resolve();
    return new Promise((resolve) => {
      this.#clock.timer(dueMs - nowMs, resolve);
    });
  }
}
