/** `performance` and `node:perf_hooks` of one simulated process. */
import perfHooks from 'node:perf_hooks';
import type { OwnProcess } from '../programs/own-process.ts';
import { nsPerMs } from '../world/scheduler.ts';

export function performanceOf(process: OwnProcess): object {
  const { scheduler } = process.machine;
  const startedNs = scheduler.nowNs;
  return {
    timeOrigin: scheduler.epochMs + startedNs / nsPerMs,
    now: () => (scheduler.readClockNs() - startedNs) / nsPerMs,
    // A simulated process is never busy.
    eventLoopUtilization: () => ({
      idle: (scheduler.nowNs - startedNs) / nsPerMs,
      active: 0,
      utilization: 0,
    }),
    mark: () => undefined,
    measure: () => undefined,
    timerify: (run: unknown) => run,
    toJSON: () => ({}),
  };
}

export function perfHooksOf(process: OwnProcess): object {
  const { scheduler } = process.machine;
  void scheduler;
  return {
    ...perfHooks,
    performance: process.globals['performance'],
    monitorEventLoopDelay: () => ({
      enable: () => true,
      disable: () => true,
      reset: () => undefined,
      percentile: () => 0,
      min: 0,
      max: 0,
      mean: 0,
      stddev: 0,
      exceeds: 0,
      count: 0,
      percentiles: new Map(),
    }),
    PerformanceObserver: class {
      observe(): void {}
      disconnect(): void {}
    },
  };
}
