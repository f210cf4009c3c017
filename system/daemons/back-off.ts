/**
 * Which pieces of work have failed and when each may be tried again. Work that fails by itself, such as a session with a damaged
 * document, is tried less and less often; work that failed in an outage is tried again soon.
 */
import type { Clock } from '../clock.ts';
import { isPassing } from '../errors.ts';
import type { Random } from '../random.ts';

interface BackOffOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Pause after the first failure; it doubles with each further one. */
  readonly firstMs: number;
  /** Longest pause of work that fails by itself. */
  readonly maxMs: number;
}

interface Failing {
  readonly failures: number;
  readonly notBeforeMs: number;
}

/** Longest pause of work that failed in an outage: it resumes within this time after the outage. */
const passingMaxMs = 1_000;

export class BackOff {
  readonly #options: BackOffOptions;
  readonly #failing = new Map<string, Failing>();

  constructor(options: BackOffOptions) {
    this.#options = options;
  }

  /** Ids of the work that is not to be tried yet. */
  resting(): readonly string[] {
    const nowMs = this.#options.clock.monotonicMs();
    for (const [id, { notBeforeMs }] of this.#failing) {
      // It was not due again since.
      if (nowMs - notBeforeMs > this.#options.maxMs) this.#failing.delete(id);
    }
    return [...this.#failing].filter(([, { notBeforeMs }]) => notBeforeMs > nowMs).map(([id]) => id);
  }

  /** Milliseconds until it may be tried again. */
  failed(id: string, error: unknown): number {
    const { clock, random, firstMs, maxMs } = this.#options;
    const failures = (this.#failing.get(id)?.failures ?? 0) + 1;
    const limitMs = isPassing(error) ? Math.min(passingMaxMs, maxMs) : maxMs;
    const pauseMs = Math.min(firstMs * 2 ** (failures - 1), limitMs) * (0.75 + random.next() / 4);
    this.#failing.set(id, { failures, notBeforeMs: clock.monotonicMs() + pauseMs });
    return pauseMs;
  }

  succeeded(id: string): void {
    this.#failing.delete(id);
  }
}
