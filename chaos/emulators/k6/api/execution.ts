/** The module `k6/execution`: what a script may know of the run it is part of, and how it ends it. */
import { InterruptError, RunError } from '../errors.ts';
import { callingContext } from '../engine/script-context.ts';
import type { ScriptContext } from '../engine/script-context.ts';
import type { ScenarioState } from '../engine/scenario-state.ts';
import { describeOptions } from './described-options.ts';

const scenario = {
  get name(): string {
    return running().options.name;
  },
  get executor(): string {
    return running().options.executor;
  },
  /** Whole milliseconds since the epoch. */
  get startTime(): number {
    return running().startTimeMs;
  },
  get progress(): number {
    return running().progress();
  },
  get iterationInInstance(): number {
    return calling('scenario').iterationInTest;
  },
  get iterationInTest(): number {
    return calling('scenario').iterationInTest;
  },
};

const instance = {
  get currentTestRunDuration(): number {
    const { clock, startedAtMs } = calling('instance').run;
    return startedAtMs === 0 ? 0 : clock.nowMs() - startedAtMs;
  },
  get iterationsCompleted(): number {
    return calling('instance').run.counters.completedIterations;
  },
  get iterationsInterrupted(): number {
    return calling('instance').run.counters.interruptedIterations;
  },
  get vusActive(): number {
    return calling('instance').run.counters.activeVus;
  },
  get vusInitialized(): number {
    return calling('instance').run.counters.initializedVus;
  },
};

const vu = {
  get idInInstance(): number {
    return calling('vu').vu.id;
  },
  get idInTest(): number {
    return calling('vu').vu.id;
  },
  get iterationInInstance(): number {
    return calling('vu').vu.iteration;
  },
  get iterationInScenario(): number {
    return calling('vu').iterationInScenario;
  },
  get tags(): Record<string, string> {
    return tagProxy(calling('vu'));
  },
  metrics: {
    metadata: {} as Record<string, string>,
    get tags(): Record<string, string> {
      return tagProxy(calling('vu'));
    },
  },
};

const test = {
  abort(message?: unknown): never {
    const context = callingContext('exec.test.abort()');
    const text =
      message === undefined || message === null || message === ''
        ? 'test aborted'
        : `test aborted: ${String(message)}`;
    context.run.abort(new RunError('script-aborted', text));
    context.interrupt();
    throw new InterruptError(text);
  },
  fail(message?: unknown): void {
    const { run } = callingContext('exec.test.fail()');
    run.failed = true;
    run.log.report('error', message === undefined ? 'test failed' : `test failed: ${String(message)}`);
  },
  get options(): Readonly<Record<string, unknown>> {
    return describeOptions(callingContext('exec.test.options').run);
  },
};

function calling(part: string): ScriptContext {
  const context = callingContext(`exec.${part}`);
  if (context.phase === 'init') {
    throw new Error(`getting ${part} information in the init context is not supported`);
  }
  return context;
}

function running(): ScenarioState {
  const { scenario: state } = calling('scenario');
  if (state === undefined) {
    throw new Error('getting scenario information outside of the VU context is not supported');
  }
  return state;
}

/** Tags that the script sets here go with every later sample of its VU. */
function tagProxy(context: ScriptContext): Record<string, string> {
  return new Proxy<Record<string, string>>(
    { ...context.tags },
    {
      deleteProperty: (_tags, name) => {
        delete context.vu.tags[String(name)];
        context.forgetTags();
        return true;
      },
      get: (_tags, name) => context.tags[String(name)],
      set: (tags, name, value: unknown) => {
        if (!['boolean', 'number', 'string'].includes(typeof value)) {
          throw new TypeError('invalid type for tag: only String, Boolean and Number types are accepted');
        }
        tags[String(name)] = String(value);
        context.vu.tags[String(name)] = String(value);
        context.forgetTags();
        return true;
      },
    },
  );
}

const execution = { instance, scenario, test, vu };

export const executionModule = { ...execution, default: execution };
