/** The globals of one simulated process that touch the outside: clocks, timers, randomness, requests. All others are those of this process. */
import { Console } from 'node:console';
import { setMaxListeners } from 'node:events';
import type { OwnProcess } from '../programs/own-process.ts';
import { ownGlobals } from '../programs/module-code.ts';
import { NotSimulated } from '../errors.ts';
import { nsPerMs } from '../world/scheduler.ts';
import { cryptoOf } from './crypto.ts';
import { makeDate } from './date.ts';
import { fetchOf } from './fetch.ts';
import { performanceOf } from './performance.ts';
import { timersOf } from './timers.ts';

export function globalsOf(process: OwnProcess): Record<string, unknown> {
  const { scheduler } = process.machine;
  const random = process.machine.random.fork(`process ${process.pid}`);
  const timers = timersOf(process);
  const math = Object.create(null, Object.getOwnPropertyDescriptors(Math)) as Math;
  Object.defineProperty(math, 'random', { value: () => random.next(), writable: true, configurable: true });
  const own: Record<string, unknown> = {
    ...timers,
    AbortSignal: abortSignalOf(process),
    Date: makeDate(() => scheduler.epochMs + Math.floor(scheduler.readClockNs() / nsPerMs)),
    Math: math,
    WebSocket: class {
      constructor() {
        throw new NotSimulated('WebSocket');
      }
    },
    console: new Console(process.object.stdout, process.object.stderr),
    crypto: cryptoOf(process).webcrypto,
    performance: performanceOf(process),
    process: process.object,
    fetch: fetchOf(process),
    TextDecoder,
    TextEncoder,
  };
  // What a module sets on the global object, others of the process find there, and none of another process.
  const global: object = Object.create(globalThis, Object.getOwnPropertyDescriptors(own));
  Object.assign(global, { global, globalThis: global });
  for (const name of ownGlobals) if (!(name in global)) throw new Error(`no own ${name}`);
  return global as Record<string, unknown>;
}

/**
 * `AbortSignal.timeout` has a timer of Node's own, and what `AbortSignal.any` gives is kept in memory by Node until it is aborted, or goes with
 * the garbage: these are kept by the signals they depend on, and go with their process.
 */
function abortSignalOf(process: OwnProcess): unknown {
  const timeout = (delayMs: number): AbortSignal => {
    const controller = new AbortController();
    process.machine.scheduler.after(delayMs * nsPerMs, process, () =>
      controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
    );
    return controller.signal;
  };
  const any = (signals: Iterable<AbortSignal>): AbortSignal => {
    const controller = new AbortController();
    for (const signal of signals) {
      if (signal.aborted) {
        controller.abort(signal.reason);
        break;
      }
      setMaxListeners(0, signal);
      signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
    }
    return controller.signal;
  };
  const own: Readonly<Record<string | symbol, unknown>> = { any, timeout };
  return new Proxy(AbortSignal, {
    get: (target, name): unknown => own[name] ?? Reflect.get(target, name),
  });
}
