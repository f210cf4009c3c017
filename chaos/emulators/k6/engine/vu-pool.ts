/** The VUs of a run, numbered from 1, and which of them are free. */
import type { RunState } from './run-state.ts';
import type { VirtualUser } from './virtual-user.ts';
import type { VuFactory } from './vu-factory.ts';

export class VuPool implements Disposable {
  readonly #run: RunState;
  readonly #factory: VuFactory;
  readonly #all: VirtualUser[] = [];
  #free: VirtualUser[] = [];
  #numbered = 0;

  constructor(run: RunState, factory: VuFactory) {
    this.#run = run;
    this.#factory = factory;
  }

  get size(): number {
    return this.#all.length;
  }

  /** Makes VUs until `count` exist. */
  async fill(count: number): Promise<void> {
    while (this.#all.length < count && this.#run.end === undefined) {
      // VUs are loaded one after the other, see the loader.
      // oxlint-disable-next-line no-await-in-loop
      this.#free.push(await this.#make());
    }
  }

  take(): VirtualUser | undefined {
    return this.#free.shift();
  }

  async makeAndTake(): Promise<VirtualUser> {
    return this.#make();
  }

  giveBack(vu: VirtualUser): void {
    if (this.#free.includes(vu)) return;
    this.#free.push(vu);
  }

  async #make(): Promise<VirtualUser> {
    this.#numbered += 1;
    const vu = await this.#factory.create(this.#numbered, `vu-${this.#numbered}`);
    vu.iteration = -1;
    this.#all.push(vu);
    this.#run.counters.initializedVus = this.#all.length;
    return vu;
  }

  [Symbol.dispose](): void {
    for (const vu of this.#all) {
      vu.script[Symbol.dispose]();
      vu.agent[Symbol.dispose]();
    }
    this.#free = [];
  }
}
