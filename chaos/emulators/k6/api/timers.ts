/** Timers of scripts, in the module `k6/timers` and as globals: a call of the script lasts until its last one has fired. */
import { GoError, InterruptError } from './kernel.ts';
import type { Call, Kernel } from './kernel.ts';
import { Suspended } from './suspended.ts';

export function create(kernel: Kernel): Record<string, unknown> {
  const timers = new Timers(kernel);
  const clear = (handle: unknown): void => timers.clear(Number(handle));
  const exports = {
    clearInterval: clear,
    clearTimeout: clear,
    setInterval: (callback: unknown, delayMs?: unknown, ...args: unknown[]) =>
      timers.set('setInterval', callback, delayMs, args),
    setTimeout: (callback: unknown, delayMs?: unknown, ...args: unknown[]) =>
      timers.set('setTimeout', callback, delayMs, args),
  };
  return { ...exports, default: exports };
}

interface Timer {
  readonly call: Call | undefined;
  cancel(): void;
}

class Timers {
  readonly #kernel: Kernel;
  readonly #running = new Map<number, Timer>();
  #lastHandle = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  set(
    name: 'setInterval' | 'setTimeout',
    callback: unknown,
    delayMs: unknown,
    args: readonly unknown[],
  ): number {
    const kernel = this.#kernel;
    kernel.running();
    if (typeof callback !== 'function') throw new GoError(`${name}'s callback isn't a callable function`);
    const { call } = kernel;
    const repeats = name === 'setInterval';
    const delay = Math.max(Number(delayMs) || 0, repeats ? 1 : 0);
    const handle = (this.#lastHandle += 1);
    let stop: () => void;
    const cancel = (): void => {
      stop();
      this.#running.delete(handle);
    };
    const arm = (): void => {
      stop = kernel.host.local.timer(delay, fire);
    };
    const fire = (): void => {
      if (!repeats) this.#running.delete(handle);
      this.#run(call, callback, args, () => {
        if (!repeats) call?.close(cancel);
        else if (this.#running.has(handle)) arm();
      });
    };
    arm();
    this.#running.set(handle, { call, cancel });
    call?.open(cancel);
    return handle;
  }

  clear(handle: number): void {
    const timer = this.#running.get(handle);
    if (timer === undefined) return;
    timer.cancel();
    timer.call?.close(timer.cancel);
  }

  #run(call: Call | undefined, callback: Function, args: readonly unknown[], then: () => void): void {
    let result: unknown;
    try {
      result = callback.apply(globalThis, args);
    } catch (error) {
      return this.#failed(call, error);
    }
    if (!(result instanceof Suspended)) return then();
    result.take().then(then, (error: unknown) => this.#failed(call, error));
    return undefined;
  }

  #failed(call: Call | undefined, error: unknown): void {
    if (error instanceof InterruptError) return;
    if (call === undefined) throw error;
    call.onError?.(error);
  }
}
