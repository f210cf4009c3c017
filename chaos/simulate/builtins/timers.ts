/** Timers of one simulated process, on the virtual clock. */
import type timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import type { OwnProcess } from '../programs/own-process.ts';
import type { SimulatedEvent } from '../world/event-queue.ts';
import { nsPerMs } from '../world/scheduler.ts';

const longestMs = 2 ** 31 - 1;

type Callback = (...args: unknown[]) => void;

class Timer {
  readonly #process: OwnProcess;
  readonly #run: () => void;
  readonly #delayMs: number;
  readonly #repeats: boolean;
  readonly #asNumber: (timer: Timer) => number;
  #event: SimulatedEvent | null = null;
  #wantsHold = true;
  #holds = false;

  constructor(
    process: OwnProcess,
    run: () => void,
    delayMs: unknown,
    repeats: boolean,
    asNumber: (timer: Timer) => number = () => 0,
  ) {
    const ms = Math.trunc(Number(delayMs));
    this.#delayMs = ms >= 1 && ms <= longestMs ? ms : 1;
    this.#process = process;
    this.#run = run;
    this.#repeats = repeats;
    this.#asNumber = asNumber;
    this.#arm();
  }

  #arm(): void {
    const { scheduler } = this.#process.machine;
    const dueMs = Math.ceil(scheduler.nowNs / nsPerMs) + this.#delayMs;
    this.#event = scheduler.at(
      dueMs * nsPerMs + this.#process.timersLateNs(dueMs),
      this.#process,
      () => this.#fire(),
      true,
    );
    this.#hold(this.#wantsHold);
  }

  #fire(): void {
    this.#event = null;
    if (this.#repeats) this.#arm();
    else this.#hold(false);
    this.#run();
  }

  #hold(hold: boolean): void {
    if (hold === this.#holds) return;
    this.#holds = hold;
    if (hold) this.#process.hold();
    else this.#process.release();
  }

  stop(): void {
    if (this.#event !== null) this.#event.cancelled = true;
    this.#event = null;
    this.#hold(false);
  }

  close(): this {
    this.stop();
    return this;
  }

  ref(): this {
    this.#wantsHold = true;
    if (this.#event !== null) this.#hold(true);
    return this;
  }

  unref(): this {
    this.#wantsHold = false;
    this.#hold(false);
    return this;
  }

  hasRef(): boolean {
    return this.#wantsHold;
  }

  refresh(): this {
    if (this.#event !== null) this.#event.cancelled = true;
    this.#arm();
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.#asNumber(this);
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}

class Immediate {
  readonly #process: OwnProcess;
  readonly #event: SimulatedEvent;
  #holds = true;

  constructor(process: OwnProcess, run: () => void) {
    this.#process = process;
    process.hold();
    const { scheduler } = process.machine;
    this.#event = scheduler.at(
      scheduler.nowNs,
      process,
      () => {
        this.unref();
        run();
      },
      true,
    );
  }

  stop(): void {
    this.#event.cancelled = true;
    this.unref();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    if (this.#holds) this.#process.release();
    this.#holds = false;
    return this;
  }

  hasRef(): boolean {
    return this.#holds;
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}

export interface Timers {
  readonly setTimeout: (run: Callback, delayMs?: number, ...args: unknown[]) => Timer;
  readonly setInterval: (run: Callback, delayMs?: number, ...args: unknown[]) => Timer;
  readonly setImmediate: (run: Callback, ...args: unknown[]) => Immediate;
  readonly clearTimeout: (timer: unknown) => void;
  readonly clearInterval: (timer: unknown) => void;
  readonly clearImmediate: (timer: unknown) => void;
}

export function timersOf(process: OwnProcess): Timers {
  const byNumber = new Map<number, Timer>();
  /** Only timers that were made into a number are known by it. */
  const asNumber = (timer: Timer): number => {
    number += 1;
    byNumber.set(number, timer);
    return number;
  };
  let number = 0;
  const make = (run: Callback, delayMs: number | undefined, repeats: boolean, args: unknown[]): Timer => {
    if (typeof run !== 'function')
      throw Object.assign(new TypeError('The "callback" argument must be of type function.'), {
        code: 'ERR_INVALID_ARG_TYPE',
      });
    return new Timer(
      process,
      args.length === 0 ? () => run() : () => run(...args),
      delayMs ?? 1,
      repeats,
      asNumber,
    );
  };
  const clear = (timer: unknown): void => {
    if (timer instanceof Timer || timer instanceof Immediate) timer.stop();
    else if (typeof timer === 'number') byNumber.get(timer)?.stop();
  };
  const promises = timersPromisesOf(process);
  return {
    setTimeout: withPromise(
      (run: Callback, delayMs?: number, ...args: unknown[]) => make(run, delayMs, false, args),
      promises.setTimeout,
    ),
    setInterval: (run, delayMs, ...args) => make(run, delayMs, true, args),
    setImmediate: withPromise(
      (run: Callback, ...args: unknown[]) => new Immediate(process, () => run(...args)),
      promises.setImmediate,
    ),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  };
}

function withPromise<Set extends object>(set: Set, promised: unknown): Set {
  return Object.defineProperty(set, promisify.custom, { value: promised });
}

interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

type PromisedTimers = Pick<typeof timersPromises, 'scheduler'> & {
  setTimeout(delayMs?: number, value?: unknown, options?: WaitOptions): Promise<unknown>;
  setImmediate(value?: unknown, options?: WaitOptions): Promise<unknown>;
  setInterval(delayMs?: number, value?: unknown, options?: WaitOptions): AsyncIterable<unknown>;
};

export function timersPromisesOf(process: OwnProcess): PromisedTimers {
  const wait = (start: (done: () => void) => Timer | Immediate, value: unknown, options: WaitOptions = {}) =>
    new Promise((resolve, reject) => {
      const { signal } = options;
      const fail = (): void =>
        reject(
          Object.assign(new Error('The operation was aborted', { cause: signal?.reason }), {
            name: 'AbortError',
            code: 'ABORT_ERR',
          }),
        );
      if (signal?.aborted === true) {
        fail();
        return;
      }
      const aborted = (): void => {
        timer.stop();
        fail();
      };
      const timer = start(() => {
        signal?.removeEventListener('abort', aborted);
        resolve(value);
      });
      if (options.ref === false) timer.unref();
      signal?.addEventListener('abort', aborted, { once: true });
    });
  const setTimeout = (delayMs?: number, value?: unknown, options?: WaitOptions) =>
    wait((done) => new Timer(process, done, delayMs ?? 1, false), value, options);
  const setImmediate = (value?: unknown, options?: WaitOptions) =>
    wait((done) => new Immediate(process, done), value, options);
  return {
    setTimeout,
    setImmediate,
    async *setInterval(delayMs, value, options) {
      for (;;) {
        // Each turn waits for the next.
        // oxlint-disable-next-line no-await-in-loop
        await setTimeout(delayMs, value, options);
        yield value;
      }
    },
    scheduler: {
      wait: (delayMs: number, options?: WaitOptions) =>
        setTimeout(delayMs, undefined, options) as Promise<void>,
      yield: () => setImmediate() as Promise<void>,
    },
  };
}
