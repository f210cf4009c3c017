/** Runs one function of the script to its end: the function itself, then every request and timer it left behind. */
import { reportException } from './report-exception.ts';
import { runIn } from './script-context.ts';
import type { ScriptContext } from './script-context.ts';

export type ScriptEnd =
  | { readonly state: 'interrupted' }
  | { readonly state: 'returned'; readonly value: unknown }
  | { readonly state: 'threw'; readonly error: unknown };

const interrupted: ScriptEnd = { state: 'interrupted' };

export function runScriptFunction(
  context: ScriptContext,
  body: (...args: unknown[]) => unknown,
  args: readonly unknown[],
): Promise<ScriptEnd> {
  return new Promise((resolve) => {
    context.onInterrupt = () => resolve(interrupted);
    void runIn(context, () => callAndWait(context, body, args)).then(resolve);
  });
}

async function callAndWait(
  context: ScriptContext,
  body: (...args: unknown[]) => unknown,
  args: readonly unknown[],
): Promise<ScriptEnd> {
  try {
    const value: unknown = await body(...args);
    for (let idle = context.idle(); idle !== undefined; idle = context.idle()) {
      // What floats may begin more when it goes on.
      // oxlint-disable-next-line no-await-in-loop
      await idle;
      // oxlint-disable-next-line no-await-in-loop
      await context.run.clock.yieldTurn();
    }
    return context.interrupted ? interrupted : { state: 'returned', value };
  } catch (error) {
    if (context.interrupted) return interrupted;
    // Ends what the function left behind, which nobody waits for any more.
    context.onInterrupt = undefined;
    context.interrupt();
    return { error, state: 'threw' };
  }
}

/** Emits what k6 emits after an iteration. `intendedMs` is the monotonic time at which it was due. */
export async function runIteration(
  context: ScriptContext,
  body: (...args: unknown[]) => unknown,
  data: unknown,
  intendedMs: number | undefined,
): Promise<boolean> {
  const { clock, counters, options, registry, samples } = context.run;
  const { builtin } = registry;
  const startedMs = clock.monotonicMs();
  counters.activeVus += 1;
  const end = await runScriptFunction(context, body, [data]);
  const endedMs = clock.monotonicMs();
  if (end.state === 'threw') reportException(context, end.error);
  emitTraffic(context);
  counters.activeVus -= 1;
  if (end.state === 'interrupted') {
    counters.interruptedIterations += 1;
    return false;
  }
  counters.completedIterations += 1;
  const nowMs = clock.nowMs();
  samples.emit(builtin.iterationDuration, endedMs - startedMs, context.tags, nowMs);
  samples.emit(builtin.iterations, 1, context.tags, nowMs);
  if (intendedMs !== undefined)
    samples.emit(builtin.intendedDuration, endedMs - intendedMs, context.tags, nowMs);
  const restMs = (options.minIterationDuration ?? 0) - (endedMs - startedMs);
  if (restMs > 0) await pause(context, restMs);
  return true;
}

export function emitTraffic(context: ScriptContext): void {
  const { clock, registry, samples } = context.run;
  const { receivedBytes, sentBytes } = context.vu.agent.takeTraffic();
  const nowMs = clock.nowMs();
  samples.emit(registry.builtin.dataSent, sentBytes, context.tags, nowMs);
  samples.emit(registry.builtin.dataReceived, receivedBytes, context.tags, nowMs);
}

function pause(context: ScriptContext, durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = context.run.clock.timer(durationMs, resolve);
    context.onInterrupt = () => {
      timer[Symbol.dispose]();
      resolve();
    };
  });
}
