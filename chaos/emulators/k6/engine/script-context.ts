/**
 * Who is running: one context for each iteration (and for the init code, setup and so on), carried along asynchronous
 * calls, so that `k6` modules shared by all VUs know whose call it is. An interrupted context can start nothing more.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { InterruptError } from '../errors.ts';
import type { Tags } from '../metrics/metric.ts';
import type { GroupNode } from './groups.ts';
import type { RunState } from './run-state.ts';
import type { ScenarioState } from './scenario-state.ts';
import type { VirtualUser } from './virtual-user.ts';

export type Phase = 'init' | 'iteration' | 'setup' | 'summary' | 'teardown';

export class ScriptContext {
  readonly run: RunState;
  readonly vu: VirtualUser;
  readonly phase: Phase;
  readonly scenario: ScenarioState | undefined;
  /** Counted over all VUs of the scenario in the order of their starts. */
  readonly iterationInTest: number;
  readonly iterationInScenario: number;
  group: GroupNode;
  #tags: Record<string, string> | undefined;
  #pending = 0;
  #cancellations: Set<() => void> | undefined;
  #interrupted = false;
  #onIdle: (() => void) | undefined;
  onInterrupt: (() => void) | undefined;

  constructor(
    run: RunState,
    vu: VirtualUser,
    phase: Phase,
    details: { scenario?: ScenarioState; iterationInTest?: number; iterationInScenario?: number } = {},
  ) {
    this.run = run;
    this.vu = vu;
    this.phase = phase;
    this.scenario = details.scenario;
    this.iterationInTest = details.iterationInTest ?? 0;
    this.iterationInScenario = details.iterationInScenario ?? 0;
    const lifecycle = phase === 'setup' || phase === 'teardown';
    this.group = lifecycle ? run.rootGroup.group(phase) : run.rootGroup;
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** The tags of a sample made now. The same object until something changes; never written to afterwards. */
  get tags(): Tags {
    this.#tags ??= this.#buildTags();
    return this.#tags;
  }

  forgetTags(): void {
    this.#tags = undefined;
  }

  /** An operation that the iteration must wait for has begun; `cancel` is called when the iteration is interrupted. */
  begin(cancel: () => void): void {
    this.#pending += 1;
    this.#cancellations ??= new Set();
    this.#cancellations.add(cancel);
  }

  finish(cancel: () => void): void {
    if (this.#cancellations?.delete(cancel) !== true) return;
    this.#pending -= 1;
    if (this.#pending === 0) this.#onIdle?.();
  }

  /** Resolves when nothing is pending; undefined when that is so already. */
  idle(): Promise<void> | undefined {
    if (this.#pending === 0) return undefined;
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Ends what is under way. The script's promises stay open for good, so none of its code runs again. */
  interrupt(): void {
    if (this.#interrupted) return;
    this.#interrupted = true;
    const cancellations = [...(this.#cancellations ?? [])];
    this.#cancellations = undefined;
    this.#pending = 0;
    for (const cancel of cancellations) cancel();
    this.onInterrupt?.();
  }

  assertRunning(): void {
    if (this.#interrupted) throw new InterruptError('the iteration was interrupted');
  }

  #buildTags(): Record<string, string> {
    const { systemTags } = this.run;
    const tags: Record<string, string> = {
      ...this.run.options.tags,
      ...this.scenario?.options.tags,
      ...this.vu.tags,
    };
    if (systemTags.has('group')) tags['group'] = this.group.path;
    if (systemTags.has('scenario') && this.scenario !== undefined)
      tags['scenario'] = this.scenario.options.name;
    if (systemTags.has('vu')) tags['vu'] = String(this.vu.id);
    if (systemTags.has('iter')) tags['iter'] = String(this.vu.iteration);
    return tags;
  }
}

const storage = new AsyncLocalStorage<ScriptContext>();

export function currentContext(): ScriptContext | undefined {
  return storage.getStore();
}

/** The context of the caller. Throws when called outside of any, or by code whose iteration was interrupted. */
export function callingContext(caller: string): ScriptContext {
  const context = storage.getStore();
  if (context === undefined) throw new Error(`${caller} was called outside of a VU`);
  context.assertRunning();
  return context;
}

/** As `callingContext`, for what k6 allows only once the init code has run. */
export function iterationContext(caller: string): ScriptContext {
  const context = callingContext(caller);
  if (context.phase === 'init') throw new Error(`${caller} is not allowed in the init context`);
  return context;
}

export function runIn<Result>(context: ScriptContext, body: () => Result): Result {
  return storage.run(context, body);
}
