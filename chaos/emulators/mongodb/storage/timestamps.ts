/**
 * Commit timestamps: integers that grow with every commit, also over restarts. They begin with the wall clock's
 * seconds, so that an engine that has lost its folder does not count from the beginning again.
 */
import type { Clock } from '../../../clock.ts';

/** `timestamp = seconds since the Unix epoch · 2²⁰ + counter`; more than 2²⁰ commits a second run on into the next. */
const perSecond = 2 ** 20;

export class TimestampSource {
  readonly #clock: Clock;
  #last: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#last = Math.floor(clock.nowMs() / 1000) * perSecond;
  }

  get last(): number {
    return this.#last;
  }

  next(): number {
    this.#last = Math.max(this.#last + 1, Math.floor(this.#clock.nowMs() / 1000) * perSecond);
    return this.#last;
  }

  /** Makes all timestamps to come greater than one found in the journal. */
  atLeast(timestamp: number): void {
    this.#last = Math.max(this.#last, timestamp);
  }
}
