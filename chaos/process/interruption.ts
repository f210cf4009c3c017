/**
 * Turns SIGINT, SIGTERM and SIGHUP into an abort signal, so that a run ends in order: heal, stop, report. A second
 * signal ends it at once.
 */
import { type Clock, systemClock } from '../clock.ts';
import { exitCodes, InterruptedError } from '../errors.ts';

const signals = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;
/**
 * npm passes on the Ctrl-C that the terminal has sent to the whole group already, so that one key press arrives twice;
 * what comes within this time of the first belongs to it.
 */
const sameRequestMs = 500;

interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

export interface InterruptionOptions {
  /** `process`, outside of tests. */
  readonly source: SignalSource;
  /** Kills all processes of the run at once; see `Reaper.killEverything`. */
  readonly killEverything: () => void;
  readonly clock?: Clock;
  /** `process.exit`, outside of tests. */
  readonly exit: (status: number) => void;
}

export interface Interruption extends Disposable {
  /** Aborted with `InterruptedError` by the first signal. */
  readonly signal: AbortSignal;
}

export function listenForInterruption(options: InterruptionOptions): Interruption {
  const controller = new AbortController();
  const clock = options.clock ?? systemClock;
  let firstAtMs = 0;
  const listener = (signal: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      firstAtMs = clock.monotonicMs();
      controller.abort(
        new InterruptedError(`interrupted by ${signal}`, 'a second signal ends everything at once'),
      );
      return;
    }
    if (clock.monotonicMs() - firstAtMs < sameRequestMs) return;
    options.killEverything();
    options.exit(exitCodes.interrupted);
  };
  for (const signal of signals) options.source.on(signal, listener);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const signal of signals) options.source.off(signal, listener);
    },
  };
}
