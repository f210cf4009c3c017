/**
 * The time a piece of work has left, handed down into every wait it makes, so that a request ends within its deadline
 * however many parts it waits for.
 */
import type { Clock } from './clock.ts';
import { SystemError } from './errors.ts';

export class Deadline implements Disposable {
  readonly #clock: Clock;
  readonly #endsAtMs: number;
  readonly #controller = new AbortController();
  readonly #timer: Disposable;
  readonly #expired: Promise<never>;
  readonly #interruption: AbortSignal | undefined;
  readonly #onInterruption: () => void;

  /** `interruption` ends it early: a stopping process leaves its work to others. */
  constructor(clock: Clock, budgetMs: number, interruption?: AbortSignal) {
    this.#clock = clock;
    this.#endsAtMs = clock.monotonicMs() + budgetMs;
    const { promise, reject } = Promise.withResolvers<never>();
    // Callers that race against it see the rejection; without a caller it must not count as unhandled.
    promise.catch(() => undefined);
    this.#expired = promise;
    const expire = (message: string) => {
      const reason = new SystemError('deadline_exceeded', message);
      this.#controller.abort(reason);
      reject(reason);
    };
    this.#timer = clock.timer(budgetMs, () => expire(`not done within ${budgetMs} ms`));
    this.#interruption = interruption;
    this.#onInterruption = () => expire('interrupted');
    interruption?.addEventListener('abort', this.#onInterruption, { once: true });
    if (interruption?.aborted === true) this.#onInterruption();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  remainingMs(): number {
    if (this.#controller.signal.aborted) return 0;
    return Math.max(0, this.#endsAtMs - this.#clock.monotonicMs());
  }

  /** Throws `deadline_exceeded` when no time is left; called before each step that has an effect. */
  check(): void {
    if (this.remainingMs() <= 0) {
      throw this.#controller.signal.reason instanceof SystemError
        ? this.#controller.signal.reason
        : new SystemError('deadline_exceeded', 'no time left');
    }
  }

  /** Settles as `work` does, or rejects with `deadline_exceeded`. The work itself must be bounded as well: it is left, not ended. */
  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#expired]);
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    this.#interruption?.removeEventListener('abort', this.#onInterruption);
  }
}
