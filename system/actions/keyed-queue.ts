/** Changes of the same entity within one process take turns, instead of running into each other's version conflicts. */
import type { Deadline } from '../deadline.ts';

export class KeyedQueue {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Runs `work` after what was queued under `key` before. Throws `deadline_exceeded` when its turn does not come in time. */
  async run<T>(key: string, deadline: Deadline, work: () => Promise<T>): Promise<T> {
    const previous = this.#tails.get(key) ?? Promise.resolve();
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    const tail = previous.then(() => done);
    this.#tails.set(key, tail);
    try {
      await deadline.race(previous);
      return await work();
    } finally {
      finish();
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }
}
