/** Why a running operation has to stop: a step-down, a kill, a closed connection, the end of its time or of the server. */
import type { MongoError } from './errors.ts';

export class Interruption {
  #reason: MongoError | undefined;
  #listeners: (() => void)[] | undefined;

  get reason(): MongoError | undefined {
    return this.#reason;
  }

  /** The first reason counts. */
  interrupt(reason: MongoError): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    const listeners = this.#listeners ?? [];
    this.#listeners = undefined;
    for (const listener of listeners) listener();
  }

  throwIfInterrupted(): void {
    if (this.#reason !== undefined) throw this.#reason;
  }

  /** The promise's value, or the reason as soon as there is one. */
  race<T>(promise: Promise<T>): Promise<T> {
    if (this.#reason !== undefined) return Promise.reject(this.#reason);
    return new Promise((resolve, reject) => {
      const listener = (): void => reject(this.#reason);
      const listeners = (this.#listeners ??= []);
      listeners.push(listener);
      const forget = (): void => {
        const index = listeners.indexOf(listener);
        if (index !== -1) listeners.splice(index, 1);
      };
      promise.then(
        (value) => {
          forget();
          resolve(value);
        },
        (thrown: unknown) => {
          forget();
          reject(thrown);
        },
      );
    });
  }
}
