/** The only module of the system that reads real time, so that tests can replace it. */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Monotonic clock, milliseconds since an arbitrary origin; every duration is measured with it. */
  monotonicMs(): number;
  /** Resolves after `delayMs`; rejects with the signal's reason when it is aborted first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** Runs `callback` once after `delayMs` unless disposed of before. Does not keep the process alive. */
  timer(delayMs: number, callback: () => void): Disposable;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (delayMs, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (signal?.aborted === true) {
      reject(signal.reason);
      return promise;
    }
    const handle = setTimeout(() => {
      signal?.removeEventListener('abort', interrupt);
      resolve();
    }, delayMs);
    const interrupt = () => {
      clearTimeout(handle);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', interrupt, { once: true });
    return promise;
  },
  timer: (delayMs, callback) => {
    const handle = setTimeout(callback, delayMs);
    handle.unref();
    return { [Symbol.dispose]: () => clearTimeout(handle) };
  },
};
