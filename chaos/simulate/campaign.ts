/** Simulates many cells on threads, each cell once or twice. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { HarnessError } from '../errors.ts';
import { cellName, type CellPlan } from '../run/plan.ts';
import { planFileOf } from '../run/plan-file.ts';
import { ownModule } from '../setup/own-files.mjs';
import type { LoadedTarget } from '../target/load-config.ts';
import type { SimulationJob } from './inside/job.ts';
import { keepCell } from './kept-cell.ts';
import type { SimulatedCell } from './outcome.ts';

/** What a cell leaves behind in its thread, such as code that was compiled for one mutant, goes with the thread. */
const cellsPerThread = 50;

export interface Simulated {
  readonly plan: CellPlan;
  readonly outcome: SimulatedCell;
  /** Wall time of the first run. */
  readonly tookMs: number;
  readonly folder: string;
}

export interface SimulationOptions {
  readonly target: LoadedTarget;
  readonly plans: readonly CellPlan[];
  readonly threads: number;
  /** Takes a folder for each cell. */
  readonly folder: string;
  readonly clock: Clock;
  /** Runs each cell a second time, and throws HarnessError when its trace differs. */
  readonly twice: boolean;
  /** No cell is begun after this time. */
  readonly budgetMs: number;
  /** Whether the folder of a cell is kept. */
  readonly keeps: (simulated: Simulated) => boolean;
  readonly ended: (simulated: Simulated) => void;
}

/** In the order of the plans; those that the budget left no time for are not there. */
export async function simulateAll(options: SimulationOptions): Promise<readonly Simulated[]> {
  const { plans, clock, budgetMs, threads } = options;
  const done = new Map<number, Simulated>();
  const endMs = clock.monotonicMs() + budgetMs;
  let next = 0;
  const work = async (): Promise<void> => {
    await using thread = new CellThread();
    for (;;) {
      const index = next;
      const plan = plans[index];
      if (plan === undefined || clock.monotonicMs() > endMs) return;
      next += 1;
      // A thread simulates one cell after the other.
      // oxlint-disable-next-line no-await-in-loop
      done.set(index, await simulateOne(options, thread, plan, index));
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, plans.length) }, work));
  return [...done].toSorted(([left], [right]) => left - right).map(([, simulated]) => simulated);
}

async function simulateOne(
  options: SimulationOptions,
  thread: CellThread,
  plan: CellPlan,
  index: number,
): Promise<Simulated> {
  const { clock, twice } = options;
  const folder = join(options.folder, `${index + 1}-${plan.scenario.name}-${plan.label}`);
  const job = jobOf(options.target, plan, folder);
  const startedMs = clock.monotonicMs();
  const outcome = await thread.run(job);
  const simulated = { plan, outcome, folder, tookMs: clock.monotonicMs() - startedMs };
  if (twice) {
    const again = `${folder}-again`;
    const second = await thread.run({ ...job, folder: again });
    if (second.hash !== outcome.hash) {
      throw new HarnessError(
        `${cellName(plan)}, seed ${plan.seed}: two runs have other traces, ${outcome.hash} and ${second.hash}`,
        `something in it does not come from the seed; compare the histories in ${folder} and ${again}`,
      );
    }
    await rm(again, { recursive: true, force: true });
  }
  if (options.keeps(simulated)) await keepCell(folder, job.plan, outcome.hash);
  else await rm(folder, { recursive: true, force: true });
  options.ended(simulated);
  return simulated;
}

export function jobOf(target: LoadedTarget, plan: CellPlan, folder: string): SimulationJob {
  return {
    configFile: target.configFile,
    target: target.name,
    plan: planFileOf(plan, cellName(plan)),
    folder,
  };
}

export class CellThread implements AsyncDisposable {
  #worker: Worker | null = null;
  #cells = 0;

  async run(job: SimulationJob): Promise<SimulatedCell> {
    if (this.#cells === cellsPerThread) await this[Symbol.asyncDispose]();
    this.#cells += 1;
    const worker = (this.#worker ??= new Worker(ownModule('./cell-thread', import.meta.url)));
    return await new Promise((resolve, reject) => {
      const ended = (code: number): void =>
        reject(new HarnessError(`the thread of a simulation ended with ${code}`, 'start the command again'));
      worker.once('exit', ended);
      worker.once('error', reject);
      worker.once('message', (outcome: SimulatedCell) => {
        worker.off('exit', ended);
        worker.off('error', reject);
        resolve(outcome);
      });
      worker.postMessage(job);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#cells = 0;
    await worker?.terminate();
  }
}
