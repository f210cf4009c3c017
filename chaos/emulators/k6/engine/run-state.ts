/** What all parts of one run share: its options, clock, metrics, counters, and the way to end it early. */
import type { Clock } from '../clock.ts';
import type { RunError } from '../errors.ts';
import type { ErrorFacts } from '../api/host.ts';
import type { HttpDebug } from '../http/http-debug.ts';
import type { RequestSlots } from '../http/request-slots.ts';
import { Resolver } from '../http/resolver.ts';
import type { MetricRegistry } from '../metrics/registry.ts';
import type { NamedScenario } from '../options/consolidate.ts';
import type { Options } from '../options/options.ts';
import type { ScriptLog } from '../output/script-log.ts';
import type { Random } from '../../../random.ts';
import type { GroupNode } from './groups.ts';
import type { SampleBus } from './samples.ts';
import type { VirtualUser } from './virtual-user.ts';
import type { SharedArrays } from '../host/shared-arrays.ts';
import type { SecretSources } from '../host/secret-sources.ts';
import type { OpenFiles } from '../host/open-files.ts';

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
  readonly files: OpenFiles;
  readonly log: ScriptLog;
  readonly registry: MetricRegistry;
  readonly rootGroup: GroupNode;
  readonly samples: SampleBus;
  readonly secrets: SecretSources;
  readonly sharedArrays: SharedArrays;
  /** One seed decides every draw of the scripts; undefined when each run may differ. */
  readonly seed: string | undefined;
  /** What the runtime itself draws from. */
  readonly random: Random;
  options: Options;
  scenarios: readonly NamedScenario[];
  systemTags: ReadonlySet<string>;
  resolver: Resolver;
  /** Limits the rate of requests; undefined when nothing does. */
  requestSlots: RequestSlots | undefined;
  httpDebug: HttpDebug | undefined;
  /** By the prototype of their promises: whose a rejection is that nothing handles. */
  readonly vusByRealm: WeakMap<object, VirtualUser>;
  /** As the log shows an exception of the script. */
  describeError: (error: ErrorFacts) => string;
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
  | 'clock'
  | 'environment'
  | 'files'
  | 'log'
  | 'random'
  | 'registry'
  | 'rootGroup'
  | 'samples'
  | 'secrets'
  | 'seed'
  | 'sharedArrays'
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
    describeError: ({ message }) => message,
    end: undefined,
    failed: false,
    httpDebug: undefined,
    onAbort: (callback) => {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    options: {},
    requestSlots: undefined,
    resolver: new Resolver(parts.clock, parts.random, {}),
    scenarios: [],
    startedAtMs: 0,
    vusByRealm: new WeakMap(),
    systemTags: new Set(),
  };
  return run;
}
