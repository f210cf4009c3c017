/** What happens at regular times during a run: the VU gauges, the thresholds, and handing buffered lines over. */
import type { Clock } from '../clock.ts';
import { RunError } from '../errors.ts';
import type { ThresholdSet } from '../metrics/threshold-set.ts';
import type { RunState } from './run-state.ts';

const gaugeIntervalMs = 1000;
const thresholdIntervalMs = 2000;

export function watchRun(run: RunState, thresholds: ThresholdSet): Disposable {
  const parts = [
    every(run.clock, gaugeIntervalMs, () => {
      const { registry, samples } = run;
      const tags = run.options.tags ?? {};
      const nowMs = run.clock.nowMs();
      samples.emit(registry.builtin.vus, run.counters.activeVus, tags, nowMs);
      samples.emit(registry.builtin.vusMax, run.counters.initializedVus, tags, nowMs);
      run.log.flush();
    }),
    every(run.clock, thresholdIntervalMs, () => {
      const { aborting } = thresholds.evaluate(run.clock.nowMs() - run.startedAtMs);
      const [first] = aborting;
      if (first === undefined) return;
      run.abort(
        new RunError(
          'thresholds-crossed',
          `thresholds on metrics '${first.target.name}' were crossed; at least one has abortOnFail enabled, stopping test prematurely`,
        ),
      );
    }),
  ];
  return {
    [Symbol.dispose]: () => {
      for (const part of parts) part[Symbol.dispose]();
    },
  };
}

function every(clock: Clock, intervalMs: number, callback: () => void): Disposable {
  let dueMs = clock.monotonicMs();
  let timer: Disposable;
  const arm = (): void => {
    dueMs += intervalMs;
    timer = clock.timer(Math.max(dueMs - clock.monotonicMs(), 1), () => {
      arm();
      callback();
    });
  };
  arm();
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
