/** Runs all scenarios side by side, each from its start time, until the last has ended or the run is ended early. */
import type { RunState } from './run-state.ts';
import { RunningScenario } from './scenario-run.ts';
import type { ScenarioState } from './scenario-state.ts';
import type { PlannedScenario } from './execution-plan.ts';
import type { VuPool } from './vu-pool.ts';

export async function runScenarios(
  run: RunState,
  plan: readonly PlannedScenario[],
  pool: VuPool,
  setupJson: string | undefined,
): Promise<void> {
  const breath = { lastTurnMs: run.clock.monotonicMs() };
  const originMs = run.clock.monotonicMs();
  await Promise.all(
    plan.map(async (planned) => {
      await delay(run, originMs + planned.startMs - run.clock.monotonicMs());
      if (run.end !== undefined) return;
      await runOne(run, planned, pool, setupJson, breath);
    }),
  );
}

async function runOne(
  run: RunState,
  { executor, options }: PlannedScenario,
  pool: VuPool,
  setupJson: string | undefined,
  breath: { lastTurnMs: number },
): Promise<void> {
  const nowMs = run.clock.nowMs();
  // Scripts compute intended starts from a whole number of milliseconds, so the scenario starts on one.
  const startTimeMs = Math.ceil(nowMs);
  const startedAtMs = run.clock.monotonicMs() + (startTimeMs - nowMs);
  const state: ScenarioState = {
    iterationsStarted: 0,
    options,
    progress: () =>
      Math.min(Math.max((run.clock.monotonicMs() - startedAtMs) / Math.max(executor.durationMs, 1), 0), 1),
    startTimeMs,
  };
  const scenario = new RunningScenario({ breath, pool, run, setupJson, startedAtMs, state });
  const unregister = run.onAbort(() => scenario.abort());
  if (run.end !== undefined) scenario.abort();
  try {
    await executor.run(scenario);
  } finally {
    unregister();
  }
}

function delay(run: RunState, delayMs: number): Promise<void> {
  if (delayMs <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = run.clock.timer(delayMs, resolve);
    run.onAbort(() => {
      timer[Symbol.dispose]();
      resolve();
    });
  });
}
