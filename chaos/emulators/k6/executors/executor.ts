/** What an executor is: it decides when which VU begins an iteration. It knows nothing of scripts or metrics. */
import type { Clock } from '../clock.ts';
import type { ExecutorName, OptionsOf } from '../options/scenario.ts';

/** A VU while an executor has it. */
export interface ActiveVu {
  readonly id: number;
  /** Begins an iteration; resolves to false when it was interrupted. `intendedMs` is the time it was due at. */
  iterate(intendedMs?: number): Promise<boolean>;
  interrupt(): void;
}

export interface ScenarioRun {
  readonly clock: Clock;
  /** Monotonic time of the scenario's start, milliseconds. */
  readonly startedAtMs: number;
  /** True once no iteration may begin any more, because the executor or the whole run is over. */
  readonly stopped: boolean;
  /** A VU that nobody has; undefined when there is none. */
  acquire(): ActiveVu | undefined;
  /** Makes a VU beyond those that were ready at the start. Undefined when the run is over. */
  acquireNew(): Promise<ActiveVu | undefined>;
  release(vu: ActiveVu): void;
  /** No iteration begins any more. Those under way go on. */
  stop(): void;
  /** Interrupts what is still under way. */
  interruptAll(): void;
  /** True when the whole run is being ended early. */
  readonly aborted: boolean;
  /** Calls back when the run is ended early; at once if it was already. */
  onAbort(callback: () => void): Disposable;
  dropIteration(): void;
  warn(message: string): void;
  /** Lets timers and sockets have a turn if none was had for some milliseconds. */
  breathe(): Promise<void> | undefined;
}

export interface Executor<Name extends ExecutorName> {
  readonly name: Name;
  /** VUs to make ready before the run. */
  plannedVus(options: OptionsOf<Name>): number;
  /** VUs it may have at once. */
  maxVus(options: OptionsOf<Name>): number;
  /** Without startTime and gracefulStop, milliseconds. */
  durationMs(options: OptionsOf<Name>): number;
  /** In a sentence, for the log. */
  describe(options: OptionsOf<Name>): string;
  /** Resolves when all iterations have ended. */
  run(scenario: ScenarioRun, options: OptionsOf<Name>): Promise<void>;
}
