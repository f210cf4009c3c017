/**
 * Keeps a failing Redis from costing every request a timeout. After a few failures in a row it opens: calls fail at once, and
 * a probe in the background finds out when Redis is back. Before it closes, `beforeClosing` reads what was missed.
 */
import type { Clock } from '../clock.ts';
import { RedisUnavailableError } from '../errors.ts';
import type { Random } from '../random.ts';

export type BreakerState = 'closed' | 'half-open' | 'open';

interface BreakerOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Consecutive failures after which it opens. */
  readonly failures: number;
  /** Mean pause between two probes; each is drawn from ±25 %, so that processes do not return in step. */
  readonly openMs: number;
  readonly probe: () => Promise<unknown>;
  readonly onState: (state: BreakerState) => void;
}

export class CircuitBreaker implements Disposable {
  readonly #options: BreakerOptions;
  readonly #stopped = new AbortController();
  #state: BreakerState = 'closed';
  #consecutiveFailures = 0;
  /** Set once by the part that has to catch up before Redis is trusted again; a rejection keeps the breaker open. */
  beforeClosing: () => Promise<void> = () => Promise.resolve();

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Throws RedisUnavailableError when open, or with the failure of `work` as its cause. An answer that is an error passes as it is. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#state !== 'closed') throw new RedisUnavailableError('Redis is being left alone after failures');
    try {
      const value = await work();
      this.#consecutiveFailures = 0;
      return value;
    } catch (error) {
      if (isAnswer(error)) {
        this.#consecutiveFailures = 0;
        throw error;
      }
      this.#consecutiveFailures += 1;
      if (this.#consecutiveFailures >= this.#options.failures) this.#open();
      throw new RedisUnavailableError('Redis did not answer', error);
    }
  }

  #open(): void {
    if (this.#state !== 'closed' || this.#stopped.signal.aborted) return;
    this.#enter('open');
    void this.#probeUntilClosed();
  }

  async #probeUntilClosed(): Promise<void> {
    const { clock, random, openMs, probe } = this.#options;
    while (!this.#stopped.signal.aborted) {
      try {
        await clock.sleep(openMs * (0.75 + random.next() / 2), this.#stopped.signal);
        this.#enter('half-open');
        await probe();
        await this.beforeClosing();
        this.#consecutiveFailures = 0;
        this.#enter('closed');
        return;
      } catch {
        this.#enter('open');
      }
    }
  }

  #enter(state: BreakerState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onState(state);
  }

  [Symbol.dispose](): void {
    this.#stopped.abort(new Error('the breaker was disposed of'));
  }
}

/** Redis answered, if only with an error such as OOM or READONLY: it is there. LOADING means that it is not yet. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError' && !error.message.startsWith('LOADING');
}
