/** What all parts of one run share: its options, clock, metrics, counters, and the way to end it early. */
import type { Clock } from '../clock.ts';
import type { MetricRegistry } from '../metrics/registry.ts';
import type { Options } from '../options/options.ts';
import type { NamedScenario } from '../options/consolidate.ts';
import type { ScriptLog } from '../output/script-log.ts';
import type { RunError } from '../errors.ts';
import type { Random } from '../random.ts';
import type { GroupNode } from './groups.ts';
import type { SampleBus } from './samples.ts';

interface RunCounters {
  initializedVus: number;
  activeVus: number;
  completedIterations: number;
  interruptedIterations: number;
}

export interface RunState {
  readonly clock: Clock;
  readonly counters: RunCounters;
  readonly environment: Readonly<Record<string, string>>;
  readonly log: ScriptLog;
  readonly registry: MetricRegistry;
  readonly rootGroup: GroupNode;
  readonly samples: SampleBus;
  readonly sharedData: Map<string, readonly string[]>;
  /** One seed decides every draw of the scripts; undefined when each run may differ. */
  readonly random: Random | undefined;
  options: Options;
  scenarios: readonly NamedScenario[];
  systemTags: ReadonlySet<string>;
  /** Wall clock, set when the scenarios start. */
  startedAtMs: number;
  /** Set by the first thing that ends the run early. */
  end: RunError | undefined;
  /** Set by `exec.test.fail()`: the run goes on and is failed at its end. */
  failed: boolean;
  /** Ends the run: no further iterations, those that run are interrupted. The first reason stays. */
  abort(reason: RunError): void;
  /** Calls back when the run is ended from now on. */
  onAbort(callback: () => void): () => void;
}

export type RunStateParts = Pick<
  RunState,
  'clock' | 'environment' | 'log' | 'random' | 'registry' | 'rootGroup' | 'samples'
>;

export function createRunState(parts: RunStateParts): RunState {
  const callbacks = new Set<() => void>();
  const run: RunState = {
    ...parts,
    abort: (reason) => {
      if (run.end !== undefined) return;
      run.end = reason;
      for (const callback of callbacks) callback();
    },
    counters: { activeVus: 0, completedIterations: 0, initializedVus: 0, interruptedIterations: 0 },
    end: undefined,
    failed: false,
    onAbort: (callback) => {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    options: {},
    scenarios: [],
    sharedData: new Map(),
    startedAtMs: 0,
    systemTags: new Set(),
  };
  return run;
}
