/** Waiting for a point of a scenario's time, and for work to end by then. */
import type { ScenarioRun } from './executor.ts';

/** Resolves at `offsetMs` from the scenario's start, at once when that is past, early when the run is ended. */
export async function waitUntil(scenario: ScenarioRun, offsetMs: number): Promise<void> {
  const { clock } = scenario;
  while (!scenario.aborted) {
    const remainingMs = scenario.startedAtMs + offsetMs - clock.monotonicMs();
    if (remainingMs <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    using _timer = clock.timer(remainingMs, resolve);
    using _abort = scenario.onAbort(resolve);
    // A timer may fire early by a fraction of its unit, so look again.
    // oxlint-disable-next-line no-await-in-loop
    await promise;
  }
}

/** True when `work` ended before `offsetMs` from the scenario's start; false also when the run is ended early. */
export async function endsBefore(
  scenario: ScenarioRun,
  work: Promise<unknown>,
  offsetMs: number,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const remainingMs = scenario.startedAtMs + offsetMs - scenario.clock.monotonicMs();
  using _timer = scenario.clock.timer(Math.max(remainingMs, 0), () => resolve(false));
  using _abort = scenario.onAbort(() => resolve(false));
  work.then(
    () => resolve(true),
    () => resolve(true),
  );
  return await promise;
}

/** Lets `work` begin iterations for `durationMs`, then finish within `gracefulStopMs`, then interrupts what is left. */
export async function endGracefully(
  scenario: ScenarioRun,
  work: Promise<unknown>,
  durationMs: number,
  gracefulStopMs: number,
): Promise<void> {
  const done = await endsBefore(scenario, work, durationMs);
  scenario.stop();
  if (!done && !(await endsBefore(scenario, work, durationMs + gracefulStopMs))) scenario.interruptAll();
  await work;
}
