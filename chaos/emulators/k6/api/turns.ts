/** Runs handlers of events one after the other, also where one waits in a call that blocks. */
import { Suspended } from './suspended.ts';

export class Turns {
  readonly #waiting: (() => unknown)[] = [];
  readonly #onError: (error: unknown) => void;
  readonly #onIdle: () => void;
  #running = false;

  /** `onIdle` is called whenever nothing waits for its turn any more. */
  constructor(onError: (error: unknown) => void, onIdle: () => void) {
    this.#onError = onError;
    this.#onIdle = onIdle;
  }

  /** `turn` gives a suspended value when it is not over when it returns. */
  add(turn: () => unknown): void {
    this.#waiting.push(turn);
    if (!this.#running) this.#go();
  }

  #go(): void {
    this.#running = true;
    for (let turn = this.#waiting.shift(); turn !== undefined; turn = this.#waiting.shift()) {
      try {
        const result = turn();
        if (result instanceof Suspended) {
          result.take().then(
            () => this.#go(),
            (error: unknown) => {
              this.#onError(error);
              this.#go();
            },
          );
          return;
        }
      } catch (error) {
        this.#onError(error);
      }
    }
    this.#running = false;
    this.#onIdle();
  }
}
