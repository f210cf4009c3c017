/** Work shared by several workers, each with its own stack, which take the next item when they are free. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { HarnessError, InterruptedError, UsageError } from '../errors.ts';
import type { Clock } from '../clock.ts';
import { measureMachineLoad } from '../observe/machine-load.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import type { Reaper } from '../process/reaper.ts';
import type { Stack, StackProvider, UnexpectedExit } from '../stack/contract.ts';
import type { LoadedTarget } from '../target/load-config.ts';
import { keepLogs } from './run-folder.ts';

/** A cell waits most of its time; two keep two processors busy without starving each other. */
const usualWorkers = 2;
/** What one worker uses on average, in processors. */
const processorsOfWorker = 0.75;
const measureMs = 500;

export interface WorkerChoice {
  readonly count: number;
  /** As a clause: "2 processors, 1.8 of them idle". */
  readonly why: string;
}

/**
 * How many workers there are on stacks of this provider: as many as were `asked` for, else where there is `much` to do as many as the idle
 * processors carry, two at most. Measures for half a second when it has to choose. Throws UsageError: an external stack is one.
 */
export async function chooseWorkers(
  { provider, target, clock, signal }: ChoosingHost,
  asked: number | undefined,
  much: boolean,
): Promise<WorkerChoice> {
  if (provider.name === 'external') {
    if (asked === undefined || asked === 1) return { count: 1, why: 'an external stack is one' };
    throw new UsageError(
      '--workers needs a stack for each worker, but an external stack is one',
      'leave --workers out',
    );
  }
  if (target.attach !== undefined) {
    if (asked === undefined || asked === 1) return { count: 1, why: 'an attached target is one' };
    throw new UsageError(
      '--workers needs a target for each worker, but an attached target is one',
      'leave --workers out',
    );
  }
  if (asked !== undefined) return { count: asked, why: '--workers' };
  if (!much) return { count: 1, why: 'few cells' };
  const machine = measureMachineLoad(clock);
  await clock.sleep(measureMs, signal);
  const free = machine.free();
  return { count: workersFor(free), why: `${availableParallelism()} processors, ${free.toFixed(1)} idle` };
}

export interface ChoosingHost {
  readonly provider: Pick<StackProvider, 'name'>;
  readonly target: Pick<LoadedTarget, 'attach'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** `free`: idle processors. */
export function workersFor(free: number): number {
  return Math.max(1, Math.min(usualWorkers, Math.floor(free / processorsOfWorker)));
}

export interface WorkersOptions {
  readonly provider: StackProvider;
  readonly seed: string;
  readonly reaper: Reaper;
  readonly signal: AbortSignal;
  /** Takes the logs of the stacks when they end. */
  readonly logFolder: string;
}

/** A stack for each worker. */
export class Workers implements AsyncDisposable {
  readonly stacks: readonly Stack[];
  readonly #owner: AsyncDisposableStack;
  readonly #signal: AbortSignal;

  private constructor(stacks: readonly Stack[], owner: AsyncDisposableStack, signal: AbortSignal) {
    this.stacks = stacks;
    this.#owner = owner;
    this.#signal = signal;
  }

  /** Starts `count` stacks, each in a folder of its own; when one does not start, those before it are ended. */
  static async open(options: WorkersOptions, count: number): Promise<Workers> {
    const { provider, seed, reaper, signal, logFolder } = options;
    await using owner = new AsyncDisposableStack();
    const stacks: Stack[] = [];
    for (let index = 0; index < count; index += 1) {
      const folder = owner.use(await temporaryFolder(reaper, 'stack'));
      const logs = join(index === 0 ? logFolder : join(logFolder, `worker-${index + 1}`), 'logs');
      const stack = owner.use(await provider.start({ folder: folder.path, logFolder: logs, seed, signal }));
      owner.defer(() => keepLogs(stack, logs));
      stacks.push(stack);
    }
    return new Workers(stacks, owner.move(), signal);
  }

  /** The one by which all are described. */
  get first(): Stack {
    const [first] = this.stacks;
    if (first === undefined) throw new HarnessError('nothing to start a stack for', 'name a scenario');
    return first;
  }

  /** Whether what is done on the stacks still counts: it was not interrupted, and no stack ended by itself. */
  get goOn(): boolean {
    return !this.#signal.aborted && this.#gone() === undefined;
  }

  /**
   * `open` gives what one worker does with each item; it resolves to whether that worker takes another one. One worker is always left. With `count`
   * only so many take part.
   */
  async work<Item>(
    items: readonly Item[],
    open: (stack: Stack) => (item: Item, index: number) => Promise<boolean>,
    count = this.stacks.length,
  ): Promise<void> {
    await shared(items, this.stacks.slice(0, count).map(open), () => this.goOn);
  }

  /** Null when it was not. `resume` is the command that takes the work up again. */
  whyCutShort(resume: string): InterruptedError | HarnessError | null {
    if (this.#signal.aborted) return new InterruptedError('interrupted', resume);
    const gone = this.#gone();
    if (gone === undefined) return null;
    return new HarnessError(
      `${gone.part} of the stack ended by itself: ${gone.detail}`,
      `run redcliff doctor, then ${resume}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owner.disposeAsync();
  }

  #gone(): UnexpectedExit | undefined {
    return this.stacks.flatMap((stack) => stack.unexpectedExits())[0];
  }
}

/**
 * Each worker takes items until none is left, `goOn` says no, or it resolves to false while others are at work. Rejects with the first failure,
 * after every worker has ended.
 */
export async function shared<Item>(
  items: readonly Item[],
  workers: readonly ((item: Item, index: number) => Promise<boolean>)[],
  goOn: () => boolean,
): Promise<void> {
  let next = 0;
  let failed = false;
  let active = workers.length;
  const run = async (work: (item: Item, index: number) => Promise<boolean>): Promise<void> => {
    while (!failed && next < items.length && goOn()) {
      const index = next++;
      try {
        if (!(await work(items[index] as Item, index)) && active > 1) break;
      } catch (error) {
        failed = true;
        throw error;
      }
    }
    active -= 1;
  };
  const ended = await Promise.allSettled(workers.map(run));
  const failure = ended.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}
