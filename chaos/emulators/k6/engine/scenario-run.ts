/** One scenario under way: gives its executor VUs and clock, and remembers who is running, to be able to end it. */
import type { Clock } from '../clock.ts';
import type { ActiveVu, ScenarioRun } from '../executors/executor.ts';
import { CookieJar } from '../http/cookie-jar.ts';
import type { Tags } from '../metrics/metric.ts';
import type { CallFacts } from '../api/host.ts';
import { activate } from './call-facts.ts';
import type { Activation } from './call-facts.ts';
import { runIteration } from './run-iteration.ts';
import type { RunState } from './run-state.ts';
import type { ScenarioState } from './scenario-state.ts';
import type { VirtualUser } from './virtual-user.ts';
import type { VuPool } from './vu-pool.ts';

/** So long may iterations follow each other without a turn for timers and sockets. */
const breathlessMs = 2;

export interface ScenarioRunParts {
  readonly run: RunState;
  readonly state: ScenarioState;
  readonly pool: VuPool;
  readonly setupJson: string | undefined;
  readonly startedAtMs: number;
  readonly breath: { lastTurnMs: number };
}

export class RunningScenario implements ScenarioRun {
  readonly clock: Clock;
  readonly startedAtMs: number;
  readonly #parts: ScenarioRunParts;
  readonly #active = new Set<ScenarioVu>();
  readonly #onAbort = new Set<() => void>();
  #stopped = false;
  #aborted = false;

  constructor(parts: ScenarioRunParts) {
    this.#parts = parts;
    this.clock = parts.run.clock;
    this.startedAtMs = parts.startedAtMs;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  acquire(): ActiveVu | undefined {
    const vu = this.#parts.pool.take();
    return vu === undefined ? undefined : this.#activate(vu);
  }

  async acquireNew(): Promise<ActiveVu | undefined> {
    try {
      const vu = await this.#parts.pool.makeAndTake();
      if (!this.#aborted) return this.#activate(vu);
      this.#parts.pool.giveBack(vu);
    } catch (error) {
      this.warn(`could not make another VU: ${error instanceof Error ? error.message : String(error)}`);
    }
    return undefined;
  }

  release(vu: ActiveVu): void {
    for (const active of this.#active) {
      if (active === vu) {
        this.#active.delete(active);
        this.#parts.pool.giveBack(active.vu);
      }
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  interruptAll(): void {
    for (const vu of this.#active) vu.interrupt();
  }

  onAbort(callback: () => void): Disposable {
    if (this.#aborted) callback();
    else this.#onAbort.add(callback);
    return { [Symbol.dispose]: () => this.#onAbort.delete(callback) };
  }

  /** Ends the scenario from outside. */
  abort(): void {
    this.#stopped = true;
    this.#aborted = true;
    for (const callback of this.#onAbort) callback();
    this.interruptAll();
  }

  dropIteration(): void {
    const { run, state } = this.#parts;
    const tags: Tags = {
      ...run.options.tags,
      ...state.options.tags,
      ...(run.systemTags.has('scenario') ? { scenario: state.options.name } : {}),
    };
    run.samples.emit(run.registry.builtin.droppedIterations, 1, tags, run.clock.nowMs());
  }

  warn(message: string): void {
    const { executor, name } = this.#parts.state.options;
    this.#parts.run.log.report('warning', message, { executor, scenario: name });
  }

  breathe(): Promise<void> | undefined {
    const { breath } = this.#parts;
    if (this.clock.monotonicMs() - breath.lastTurnMs < breathlessMs) return undefined;
    return this.clock.yieldTurn().then(() => {
      breath.lastTurnMs = this.clock.monotonicMs();
    });
  }

  #activate(vu: VirtualUser): ScenarioVu {
    const active = new ScenarioVu(this, this.#parts, vu);
    this.#active.add(active);
    return active;
  }
}

class ScenarioVu implements ActiveVu {
  readonly vu: VirtualUser;
  readonly #scenario: RunningScenario;
  readonly #parts: ScenarioRunParts;
  readonly #activation: Activation;
  #resting: (() => void) | undefined;

  constructor(scenario: RunningScenario, parts: ScenarioRunParts, vu: VirtualUser) {
    this.vu = vu;
    this.#scenario = scenario;
    this.#parts = parts;
    this.#activation = activate(parts.run, vu, parts.state);
  }

  get id(): number {
    return this.vu.id;
  }

  async iterate(intendedMs?: number): Promise<boolean> {
    if (this.#scenario.aborted) return false;
    const { run, setupJson, state } = this.#parts;
    const { options } = run;
    const { vu } = this;
    const facts = this.#nextFacts();
    if (options.noCookiesReset !== true) vu.cookieJar = new CookieJar();
    if (options.noVUConnectionReuse === true) vu.agent.closeIdle();
    const startedMs = this.#scenario.clock.monotonicMs();
    const { exec: exportName } = state.options;
    const completed = await runIteration(run, vu, { exportName, facts, intendedMs, setupJson });
    const restMs = (options.minIterationDuration ?? 0) - (this.#scenario.clock.monotonicMs() - startedMs);
    if (completed && restMs > 0) await this.#rest(restMs);
    return completed;
  }

  interrupt(): void {
    this.vu.script.interrupt();
    this.#resting?.();
  }

  #nextFacts(): CallFacts {
    const { run, state } = this.#parts;
    const { vu } = this;
    vu.iteration += 1;
    const iterationInScenario = vu.iterationsInScenario.get(state.options.name) ?? 0;
    vu.iterationsInScenario.set(state.options.name, iterationInScenario + 1);
    const iterationInTest = state.iterationsStarted;
    state.iterationsStarted += 1;
    const { baseTags, environment, number, scenario } = this.#activation;
    return {
      activation: number,
      baseTags,
      environment,
      group: '',
      iteration: vu.iteration,
      iterationInScenario,
      iterationInTest,
      phase: 'iteration',
      scenario,
      tagsIteration: run.systemTags.has('iter'),
      throwsOnFailure: run.options.throw === true,
    };
  }

  #rest(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#scenario.clock.timer(durationMs, resolve);
      this.#resting = () => {
        timer[Symbol.dispose]();
        resolve();
      };
    });
  }
}
