/** A scenario for tests of executors: VUs whose iterations last as long as the test says, on a fake clock. */
import { FakeClock } from '../fake-clock.ts';
import type { ActiveVu, ScenarioRun } from './executor.ts';

export interface Begun {
  readonly atMs: number;
  readonly vu: number;
  readonly intendedMs: number | undefined;
}

export class ScriptedRun implements ScenarioRun {
  readonly clock = new FakeClock();
  readonly startedAtMs = 0;
  readonly begun: Begun[] = [];
  readonly interrupted: { atMs: number; vu: number }[] = [];
  readonly warnings: string[] = [];
  dropped = 0;
  stopped = false;
  aborted = false;
  active = 0;
  readonly #durationMs: (iteration: number) => number;
  readonly #free: ActiveVu[];
  readonly #running = new Set<() => void>();
  readonly #onAbort = new Set<() => void>();
  #vus: number;

  constructor(vus: number, durationMs: number | ((iteration: number) => number)) {
    this.#durationMs = typeof durationMs === 'number' ? () => durationMs : durationMs;
    this.#vus = vus;
    this.#free = Array.from({ length: vus }, (_, index) => this.#makeVu(index + 1));
  }

  get freeVus(): number {
    return this.#free.length;
  }

  /** The times of all starts, in order. */
  get starts(): readonly number[] {
    return this.begun.map(({ atMs }) => atMs);
  }

  acquire(): ActiveVu | undefined {
    return this.#free.shift();
  }

  async acquireNew(): Promise<ActiveVu | undefined> {
    this.#vus += 1;
    return this.#makeVu(this.#vus);
  }

  release(vu: ActiveVu): void {
    this.#free.push(vu);
  }

  stop(): void {
    this.stopped = true;
  }

  interruptAll(): void {
    for (const interrupt of [...this.#running].toReversed()) interrupt();
  }

  onAbort(callback: () => void): Disposable {
    this.#onAbort.add(callback);
    return { [Symbol.dispose]: () => this.#onAbort.delete(callback) };
  }

  abort(): void {
    this.stopped = true;
    this.aborted = true;
    for (const callback of this.#onAbort) callback();
    this.interruptAll();
  }

  dropIteration(): void {
    this.dropped += 1;
  }

  warn(message: string): void {
    this.warnings.push(message);
  }

  breathe(): undefined {
    return undefined;
  }

  #makeVu(id: number): ActiveVu {
    let interrupt: (() => void) | undefined;
    return {
      id,
      interrupt: () => interrupt?.(),
      iterate: (intendedMs) => {
        if (this.aborted) return Promise.resolve(false);
        const durationMs = this.#durationMs(this.begun.length);
        this.begun.push({ atMs: this.clock.monotonicMs(), intendedMs, vu: id });
        this.active += 1;
        return new Promise((resolve) => {
          const end = (completed: boolean): void => {
            timer[Symbol.dispose]();
            if (interrupt !== undefined) this.#running.delete(interrupt);
            interrupt = undefined;
            this.active -= 1;
            resolve(completed);
          };
          const timer = this.clock.timer(durationMs, () => end(true));
          interrupt = () => {
            this.interrupted.push({ atMs: this.clock.monotonicMs(), vu: id });
            end(false);
          };
          this.#running.add(interrupt);
        });
      },
    };
  }
}

/** Runs an executor's promise to its end on the fake clock; gives the time it took. */
export async function runToEnd(run: ScriptedRun, work: Promise<void>, limitMs = 3_600_000): Promise<number> {
  let endedAtMs: number | undefined;
  void work.then(() => {
    endedAtMs = run.clock.monotonicMs();
  });
  for (let steps = 0; endedAtMs === undefined && steps < limitMs; steps += 1) {
    // Time passes step by step.
    // oxlint-disable-next-line no-await-in-loop
    await run.clock.advance(1);
  }
  if (endedAtMs === undefined) throw new Error(`still running after ${limitMs} ms`);
  return endedAtMs;
}
