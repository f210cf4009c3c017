/** What the realm of one VU can ask of the run, for a script that runs in the thread of the run. */
import type { Asked, Host, Told, Waiting } from '../api/host.ts';
import type { RunState } from '../engine/run-state.ts';
import type { VirtualUser } from '../engine/virtual-user.ts';
import { describeOptions } from '../engine/described-options.ts';
import { reportScriptError } from '../engine/report-exception.ts';
import { messageOf, RunError } from '../errors.ts';
import { createCookieCalls } from './cookie-calls.ts';
import { createGrpcAsked } from './grpc/grpc-operations.ts';
import type { LocalServices } from '../api/host.ts';
import { startOperation } from './operations.ts';
import { isMetricType } from '../metrics/sinks.ts';

export interface VuHostSettings {
  readonly entry: string;
  readonly seed: string | undefined;
  readonly local: LocalServices;
  readonly waiting: Waiting;
}

export function createVuHost(
  run: RunState,
  vu: VirtualUser,
  { entry, local, seed, waiting }: VuHostSettings,
): Host {
  return {
    ask: createAsked(run, vu),
    entry,
    environment: run.environment,
    local,
    seed,
    start: (name, args, events) => startOperation(run, vu, name, args, events),
    tell: createTold(run, vu),
    vu: vu.id,
    waiting,
  };
}

export function createTold(run: RunState, vu: VirtualUser): Told {
  const { builtin } = run.registry;
  return {
    abort: (message) => {
      vu.endedRun = true;
      run.abort(new RunError('script-aborted', message));
    },
    check: (group, name, passed, tags, timeMs) => {
      const count = run.rootGroup.at(group).check(name);
      if (passed) count.passes += 1;
      else count.fails += 1;
      const named = Object.assign(Object.create(null), tags);
      if (run.systemTags.has('check')) named['check'] = name;
      run.samples.emit(builtin.checks, passed ? 1 : 0, named, timeMs);
    },
    group: (path) => {
      run.rootGroup.at(path);
    },
    log: (level, message, fields) => run.log.report(level, message, fields),
    markFailed: (message) => {
      run.failed = true;
      run.log.report('error', message);
    },
    print: (level, message, isInit) => run.log.console(level, message, isInit),
    sample: (metric, value, tags, timeMs) => {
      const found = run.registry.get(metric);
      if (found !== undefined) run.samples.emit(found, value, tags, timeMs);
    },
    uncaught: (error) => reportScriptError(run, vu, error, 'Uncaught (in promise) '),
    unsupported: (message) => run.abort(new RunError('script-exception', message)),
  };
}

export function createAsked(run: RunState, vu: VirtualUser): Asked {
  return {
    ...createCookieCalls(run, vu),
    ...createGrpcAsked(run, vu),
    defineMetric: (name, type, isTime) => {
      if (!isMetricType(type)) return { message: `there are no metrics of the type ${type}`, ok: false };
      try {
        run.registry.define(name, type, isTime ? 'time' : 'default');
        return { ok: true, value: undefined };
      } catch (error) {
        return { message: messageOf(error), ok: false };
      }
    },
    instance: () => ({
      currentTestRunDuration: run.startedAtMs === 0 ? 0 : run.clock.nowMs() - run.startedAtMs,
      iterationsCompleted: run.counters.completedIterations,
      iterationsInterrupted: run.counters.interruptedIterations,
      vusActive: run.counters.activeVus,
      vusInitialized: run.counters.initializedVus,
    }),
    options: () => JSON.stringify(describeOptions(run)),
    progress: () => vu.scenario?.progress() ?? 0,
    readFile: (path, base) => run.files.open(path, base),
    secret: (source, key) => run.secrets.get(source, key),
    shareArray: (name, elements) => run.sharedArrays.add(name, elements),
    sharedArray: (name) => run.sharedArrays.find(name),
  };
}
