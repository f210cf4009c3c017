/** One run of a script from its init code to its exit code, on one screen. */
import type { RunError } from '../errors.ts';
import { exitCodes } from '../errors.ts';
import type { LoadedProgram } from '../load-program.ts';
import { ThresholdSet } from '../metrics/threshold-set.ts';
import { StackTraces } from '../script/stack-trace.ts';
import { planScenarios, vusAtMost, vusNeeded } from './execution-plan.ts';
import { limitHeapFor } from './heap-limits.ts';
import { runSetup, runTeardown } from './lifecycle.ts';
import { applyOptions } from './apply-options.ts';
import type { OptionLayers } from './apply-options.ts';
import type { RunState } from './run-state.ts';
import { runScenarios } from './run-scenarios.ts';
import { createVuFactory } from './vu-factory.ts';
import { VuPool } from './vu-pool.ts';
import { watchRun } from './watch.ts';
import { attempt } from './attempt.ts';
import { concludeWithSummary } from './conclude.ts';
import type { SummaryTargets } from './conclude.ts';

export interface TestRequest {
  readonly run: RunState;
  /** Loads the script and all it imports. */
  load(): Promise<LoadedProgram>;
  readonly layers: OptionLayers;
  readonly checkThresholds: boolean;
  readonly summary: SummaryTargets;
  announce(lines: readonly string[]): void;
}

/** The exit code. Throws a `RunError` for what goes wrong before the test starts. */
export async function runTest({
  announce,
  checkThresholds,
  layers,
  load,
  run,
  summary,
}: TestRequest): Promise<number> {
  const { notes, program } = await load();
  for (const note of notes) run.log.report('warning', note);
  const stackTraces = new StackTraces(program.graph);
  run.describeError = (facts) => stackTraces.describe(facts);
  for (const { code } of program.graph.modules) {
    for (const note of code.notes) run.log.report('warning', note);
  }
  const factory = await createVuFactory(run, program);
  applyOptions(run, factory.exports, layers);
  run.samples.begin(run.systemTags);
  const thresholds = new ThresholdSet(checkThresholds ? run.options.thresholds : undefined, run.registry);
  const plan = planScenarios(run.scenarios);
  announce(plan.map(({ executor, options }) => `${options.name}: ${executor.description}`));

  using pool = new VuPool(run, factory);
  limitHeapFor(vusAtMost(plan));
  await pool.fill(vusNeeded(plan));
  run.startedAtMs = run.clock.nowMs();
  let setupJson: string | undefined;
  {
    using _watch = watchRun(run, thresholds);
    await attempt(run, async () => {
      if (run.options.noSetup !== true) setupJson = await runSetup(run, factory);
      if (run.end === undefined) await runScenarios(run, plan, pool, setupJson);
      if (run.options.noTeardown !== true) await runTeardown(run, factory, setupJson);
    });
  }
  // Rejections that nobody handles are told only after a turn.
  await run.clock.yieldTurn();
  const durationMs = run.clock.nowMs() - run.startedAtMs;
  const verdict = thresholds.evaluate(durationMs);
  await concludeWithSummary(run, factory, summary, { durationMs, setupJson });
  return exitCodeOf(run, verdict, summary.allowEmptyThresholds);
}

function exitCodeOf(
  run: RunState,
  verdict: ReturnType<ThresholdSet['evaluate']>,
  allowEmptyThresholds: boolean,
): number {
  const end: RunError | undefined = run.end;
  if (end !== undefined) {
    run.log.report('error', end.message);
    return end.exitCode;
  }
  const unknown = allowEmptyThresholds ? [] : verdict.unknown;
  for (const { target, threshold } of unknown) {
    run.log.report(
      'error',
      `threshold '${threshold.expression.source}' on '${target.name}' is unknown: there are no samples`,
    );
  }
  if (verdict.crossed.length > 0) {
    const names = [...new Set(verdict.crossed.map(({ target }) => target.name))];
    run.log.report('error', `thresholds on metrics '${names.join(', ')}' have been crossed`);
  }
  if (verdict.crossed.length + unknown.length > 0) return exitCodes['thresholds-crossed'];
  return run.failed ? exitCodes['marked-as-failed'] : exitCodes.ok;
}
