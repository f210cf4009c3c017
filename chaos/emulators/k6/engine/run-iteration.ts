/** One iteration: the call of the script, and the samples that k6 makes after it. */
import type { CallFacts, Tags } from '../api/host.ts';
import type { ScriptEnd } from '../realm/script-instance.ts';
import { reportScriptError } from './report-exception.ts';
import type { RunState } from './run-state.ts';
import type { VirtualUser } from './virtual-user.ts';

export interface IterationRequest {
  readonly exportName: string;
  readonly setupJson: string | undefined;
  readonly facts: CallFacts;
  /** Monotonic time at which it was due; undefined where iterations have no time of their own. */
  readonly intendedMs: number | undefined;
}

/** Says whether it came to its end. */
export async function runIteration(
  run: RunState,
  vu: VirtualUser,
  { exportName, facts, intendedMs, setupJson }: IterationRequest,
): Promise<boolean> {
  const { clock, counters, registry, samples } = run;
  const { builtin } = registry;
  const startedMs = clock.monotonicMs();
  counters.activeVus += 1;
  vu.endedRun = false;
  const end: ScriptEnd = await vu.script.call({ exportName, kind: 'iteration', setupJson }, facts);
  const endedMs = clock.monotonicMs();
  if (end.state === 'threw') reportScriptError(run, vu, end.error);
  const tags = vu.script.tags;
  emitTraffic(run, vu, tags);
  counters.activeVus -= 1;
  // What ended the run itself came to the end it wanted.
  if (end.state === 'interrupted' && !vu.endedRun) {
    counters.interruptedIterations += 1;
    return false;
  }
  counters.completedIterations += 1;
  const nowMs = clock.nowMs();
  samples.emit(builtin.iterationDuration, endedMs - startedMs, tags, nowMs);
  samples.emit(builtin.iterations, 1, tags, nowMs);
  if (intendedMs !== undefined) samples.emit(builtin.intendedDuration, endedMs - intendedMs, tags, nowMs);
  return true;
}

/** What the VU has sent and received since it was last asked. */
export function emitTraffic(run: RunState, vu: VirtualUser, tags: Tags): void {
  const { clock, registry, samples } = run;
  const { receivedBytes, sentBytes } = vu.agent.takeTraffic();
  const nowMs = clock.nowMs();
  samples.emit(registry.builtin.dataSent, sentBytes, tags, nowMs);
  samples.emit(registry.builtin.dataReceived, receivedBytes, tags, nowMs);
}
