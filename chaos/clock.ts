/** The only module of the harness that reads real time; everything else gets a clock, so that tests can replace it. */

/** setTimeout takes a signed 32-bit number of milliseconds, and fires at once when it is given more. */
const timeoutMsMax = 0x7fffffff;

export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Monotonic clock, milliseconds since an arbitrary origin. */
  monotonicMs(): number;
  /** Resolves after `delayMs`; rejects with the signal's reason when it is aborted first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** Runs `callback` once after `delayMs`, unless disposed of before. Does not keep the process alive. */
  timer(delayMs: number, callback: () => void): Disposable;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        timeout[Symbol.dispose]();
        reject(signal?.reason);
      };
      const timeout = startTimeout(delayMs, true, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
  timer: (delayMs, callback) => startTimeout(delayMs, false, callback),
};

/** Waits in parts when `delayMs` is more than setTimeout takes; `Infinity` waits until disposed of. */
function startTimeout(delayMs: number, keepsProcessAlive: boolean, callback: () => void): Disposable {
  if (Number.isNaN(delayMs)) throw new RangeError('delayMs is not a number of milliseconds');
  let leftMs = delayMs;
  let handle: NodeJS.Timeout;
  const arm = (): void => {
    const partMs = Math.min(leftMs, timeoutMsMax);
    leftMs -= partMs;
    handle = setTimeout(leftMs > 0 ? arm : callback, partMs);
    if (!keepsProcessAlive) handle.unref();
  };
  arm();
  return { [Symbol.dispose]: () => clearTimeout(handle) };
}
