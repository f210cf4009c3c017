/** Timers of scripts, in the module `k6/timers` and as globals: an iteration lasts until its last one has fired. */
import { callingContext } from '../engine/script-context.ts';
import type { ScriptContext } from '../engine/script-context.ts';
import { reportException } from '../engine/report-exception.ts';

interface ScriptTimer {
  readonly context: ScriptContext;
  readonly cancel: () => void;
}

let lastHandle = 0;
const running = new Map<number, ScriptTimer>();

function start(
  name: string,
  callback: unknown,
  delayMs: unknown,
  repeats: boolean,
  args: readonly unknown[],
): number {
  const context = callingContext(name);
  if (typeof callback !== 'function') throw new TypeError(`${name}'s callback isn't a callable function`);
  const handle = (lastHandle += 1);
  const delay = Math.max(Number(delayMs) || 0, repeats ? 1 : 0);
  let timer: Disposable | undefined;
  const cancel = (): void => {
    timer?.[Symbol.dispose]();
    running.delete(handle);
  };
  const fire = (): void => {
    if (repeats) timer = context.run.clock.timer(delay, fire);
    else running.delete(handle);
    try {
      callback(...args);
    } catch (error) {
      reportException(context, error);
    }
    if (!repeats) context.finish(cancel);
  };
  timer = context.run.clock.timer(delay, fire);
  running.set(handle, { cancel, context });
  context.begin(cancel);
  return handle;
}

function stop(handle: unknown): void {
  const timer = running.get(Number(handle));
  if (timer === undefined) return;
  timer.cancel();
  timer.context.finish(timer.cancel);
}

const timers = {
  clearInterval: stop,
  clearTimeout: stop,
  setInterval: (callback: unknown, delayMs?: unknown, ...args: unknown[]): number =>
    start('setInterval', callback, delayMs, true, args),
  setTimeout: (callback: unknown, delayMs?: unknown, ...args: unknown[]): number =>
    start('setTimeout', callback, delayMs, false, args),
};

export const timersModule = { ...timers, default: timers };
