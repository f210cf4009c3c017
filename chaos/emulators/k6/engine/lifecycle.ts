/** setup, teardown and handleSummary: each runs once, in a VU of its own with the number 0, within its time limit. */
import type { Body } from '../api/host.ts';
import { RunError } from '../errors.ts';
import type { ExitReason } from '../errors.ts';
import type { ReturnedValue, ScriptCall } from '../realm/script-instance.ts';
import { stageFacts } from './call-facts.ts';
import { reportScriptError } from './report-exception.ts';
import { emitTraffic } from './run-iteration.ts';
import type { RunState } from './run-state.ts';
import type { VuFactory } from './vu-factory.ts';

interface Stage {
  readonly call: Exclude<ScriptCall, { kind: 'iteration' }>;
  readonly exportName: string;
  readonly timeoutMs: number;
  readonly timeoutReason: ExitReason;
}

const defaultTimeoutMs = 60_000;
const summaryTimeoutMs = 120_000;

/** What setup returned, as JSON, which is how every VU gets its own copy. */
export async function runSetup(run: RunState, factory: VuFactory): Promise<string | undefined> {
  const value = await runStage(run, factory, {
    call: { kind: 'setup' },
    exportName: 'setup',
    timeoutMs: run.options.setupTimeout ?? defaultTimeoutMs,
    timeoutReason: 'setup-timeout',
  });
  return value.kind === 'json' ? value.json : undefined;
}

export async function runTeardown(
  run: RunState,
  factory: VuFactory,
  setupJson: string | undefined,
): Promise<void> {
  await runStage(run, factory, {
    call: { kind: 'teardown', setupJson },
    exportName: 'teardown',
    timeoutMs: run.options.teardownTimeout ?? defaultTimeoutMs,
    timeoutReason: 'teardown-timeout',
  });
}

/** What handleSummary returned; undefined when there is none or it threw, which is logged only. */
export async function runHandleSummary(
  run: RunState,
  factory: VuFactory,
  data: unknown,
): Promise<readonly (readonly [string, Body])[] | undefined> {
  try {
    const value = await runStage(run, factory, {
      call: { dataJson: JSON.stringify(data), kind: 'summary' },
      exportName: 'handleSummary',
      timeoutMs: summaryTimeoutMs,
      timeoutReason: 'script-exception',
    });
    return value.kind === 'files' ? value.files : undefined;
  } catch (error) {
    run.log.report(
      'error',
      `handleSummary() failed: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}

const nothing: ReturnedValue = { kind: 'nothing' };

async function runStage(run: RunState, factory: VuFactory, stage: Stage): Promise<ReturnedValue> {
  if (!factory.exports.functions.includes(stage.exportName)) return nothing;
  const vu = await factory.create(0, stage.exportName);
  let timedOut = false;
  using _deadline = run.clock.timer(stage.timeoutMs, () => {
    timedOut = true;
    vu.script.interrupt();
  });
  const unregister = run.onAbort(() => vu.script.interrupt());
  const end = await vu.script.call(stage.call, stageFacts(run, vu, stage.call.kind));
  unregister();
  if (stage.call.kind !== 'summary') emitTraffic(run, vu, vu.script.tags);
  vu.script[Symbol.dispose]();
  vu.agent[Symbol.dispose]();
  if (timedOut) {
    throw new RunError(
      stage.timeoutReason,
      `${stage.exportName}() execution timed out after ${stage.timeoutMs / 1000} seconds`,
    );
  }
  switch (end.state) {
    case 'returned':
      return end.value;
    case 'threw':
      reportScriptError(run, vu, end.error, `${stage.exportName}(): `);
      throw new RunError('script-exception', run.describeError(end.error));
    case 'interrupted':
      throw run.end ?? new RunError('script-exception', `${stage.exportName}() was interrupted`);
  }
}
