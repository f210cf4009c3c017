/** setup, teardown and handleSummary: each runs once, in a VU of its own with the number 0, within its time limit. */
import { RunError } from '../errors.ts';
import type { ExitReason } from '../errors.ts';
import { describeException, reportException } from './report-exception.ts';
import { emitTraffic, runScriptFunction } from './run-iteration.ts';
import type { RunState } from './run-state.ts';
import { ScriptContext } from './script-context.ts';
import type { Phase } from './script-context.ts';
import type { VuFactory } from './vu-factory.ts';

interface Stage {
  readonly exportName: string;
  readonly phase: Phase;
  readonly timeoutMs: number;
  readonly timeoutReason: ExitReason;
}

const defaultTimeoutMs = 60_000;

/** What setup returned, as JSON, which is how every VU gets its own copy. */
export async function runSetup(run: RunState, factory: VuFactory): Promise<string | undefined> {
  const value = await runStage(run, factory, [], {
    exportName: 'setup',
    phase: 'setup',
    timeoutMs: run.options.setupTimeout ?? defaultTimeoutMs,
    timeoutReason: 'setup-timeout',
  });
  return JSON.stringify(value);
}

export async function runTeardown(
  run: RunState,
  factory: VuFactory,
  setupJson: string | undefined,
): Promise<void> {
  await runStage(run, factory, [setupJson === undefined ? undefined : JSON.parse(setupJson)], {
    exportName: 'teardown',
    phase: 'teardown',
    timeoutMs: run.options.teardownTimeout ?? defaultTimeoutMs,
    timeoutReason: 'teardown-timeout',
  });
}

/** What handleSummary returned; undefined when there is none or it threw, which is logged only. */
export async function runHandleSummary(run: RunState, factory: VuFactory, data: unknown): Promise<unknown> {
  try {
    return await runStage(run, factory, [data], {
      exportName: 'handleSummary',
      phase: 'summary',
      timeoutMs: 120_000,
      timeoutReason: 'script-exception',
    });
  } catch (error) {
    run.log.report(
      'error',
      `handleSummary() failed: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}

async function runStage(
  run: RunState,
  factory: VuFactory,
  args: readonly unknown[],
  stage: Stage,
): Promise<unknown> {
  const vu = await factory.create(0, stage.exportName);
  const body: unknown = vu.module[stage.exportName];
  if (typeof body !== 'function') return undefined;
  const context = new ScriptContext(run, vu, stage.phase);
  let timedOut = false;
  using _deadline = run.clock.timer(stage.timeoutMs, () => {
    timedOut = true;
    context.interrupt();
  });
  const unregister = run.onAbort(() => context.interrupt());
  const end = await runScriptFunction(context, (...given) => body.apply(undefined, given) as unknown, args);
  unregister();
  if (stage.phase !== 'summary') emitTraffic(context);
  vu.agent[Symbol.dispose]();
  if (timedOut) {
    throw new RunError(
      stage.timeoutReason,
      `${stage.exportName}() execution timed out after ${stage.timeoutMs / 1000} seconds`,
    );
  }
  if (end.state === 'threw') {
    reportException(context, end.error, `${stage.exportName}(): `);
    throw new RunError('script-exception', describeException(end.error), { cause: end.error });
  }
  if (end.state === 'interrupted')
    throw run.end ?? new RunError('script-exception', `${stage.exportName}() was interrupted`);
  return end.value;
}
