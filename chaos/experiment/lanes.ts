/** Work that is done in several lanes at once, each with a stack of its own and taking the next piece as soon as it is free. */
import { availableParallelism } from 'node:os';
import { HarnessError, InterruptedError, UsageError } from '../errors.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import type { Warden } from '../process/warden.ts';
import type { Stack, StackProvider, UnexpectedExit } from '../stack/contract.ts';

/** A cell waits most of its time; two keep two processors busy without starving each other. */
const defaultLanes = 2;

/**
 * How many lanes there are on stacks of this provider: as many as were `asked` for, else two where there is `much` to do. Throws UsageError:
 * a stack of somebody else's is one.
 */
export function lanesOn(
  provider: Pick<StackProvider, 'name'>,
  asked: number | undefined,
  much: boolean,
): number {
  if (provider.name === 'external') {
    if (asked === undefined || asked === 1) return 1;
    throw new UsageError(
      '--lanes needs a stack for each lane, but an external stack is one',
      'leave --lanes out',
    );
  }
  return asked ?? (much ? Math.min(defaultLanes, availableParallelism()) : 1);
}

export interface LaneOptions {
  readonly provider: StackProvider;
  readonly seed: string;
  readonly warden: Warden;
  readonly signal: AbortSignal;
}

/** What to tell of work that was cut short. */
export interface CutShort {
  /** As in "the run". */
  readonly work: string;
  /** What to do when it was interrupted, and when a stack ended by itself. */
  readonly remedies: { readonly interrupted: string; readonly stackEnded: string };
}

/** The remedies of work that keeps its outcomes in `folder`. */
export function takeUp(work: string, folder: string): CutShort['remedies'] {
  return {
    interrupted: `take it up with --resume ${folder}`,
    stackEnded: `run redcliff doctor, then take the ${work} up with --resume ${folder}`,
  };
}

/** A stack for each lane. */
export class Lanes implements AsyncDisposable {
  readonly stacks: readonly Stack[];
  readonly #owner: AsyncDisposableStack;
  readonly #signal: AbortSignal;

  private constructor(stacks: readonly Stack[], owner: AsyncDisposableStack, signal: AbortSignal) {
    this.stacks = stacks;
    this.#owner = owner;
    this.#signal = signal;
  }

  /** Starts `count` stacks, each in a folder of its own; when one does not start, those before it are ended. */
  static async open({ provider, seed, warden, signal }: LaneOptions, count: number): Promise<Lanes> {
    await using owner = new AsyncDisposableStack();
    const stacks: Stack[] = [];
    for (let index = 0; index < count; index += 1) {
      const folder = owner.use(await temporaryFolder(warden, 'stack'));
      stacks.push(owner.use(await provider.start({ folder: folder.path, seed, signal })));
    }
    return new Lanes(stacks, owner.move(), signal);
  }

  /** The one by which all are described. */
  get first(): Stack {
    const [first] = this.stacks;
    if (first === undefined)
      throw new HarnessError('there was nothing to start a stack for', 'name a scenario');
    return first;
  }

  /** Whether what is done on the stacks still counts: nobody interrupted it, and no stack ended by itself. */
  get goOn(): boolean {
    return !this.#signal.aborted && this.#gone() === undefined;
  }

  /** `open` gives what one lane does with each item. A result is undefined where the work had to end before the item was begun. */
  async work<Item, Result>(
    items: readonly Item[],
    open: (stack: Stack) => (item: Item, index: number) => Promise<Result>,
  ): Promise<(Result | undefined)[]> {
    const lanes = this.stacks.map((stack) => open(stack));
    return await inLanes(
      items,
      lanes,
      () => this.goOn,
      (item, index, lane) => lane(item, index),
    );
  }

  /** Null when it was not. */
  whyCutShort({ work, remedies }: CutShort): InterruptedError | HarnessError | null {
    if (this.#signal.aborted) return new InterruptedError(`${work} was interrupted`, remedies.interrupted);
    const gone = this.#gone();
    if (gone === undefined) return null;
    return new HarnessError(`${gone.part} of the stack ended by itself: ${gone.detail}`, remedies.stackEnded);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owner.disposeAsync();
  }

  #gone(): UnexpectedExit | undefined {
    return this.stacks.flatMap((stack) => stack.unexpectedExits())[0];
  }
}

/**
 * Results in the order of `items`; undefined where `goOn` said no before the item was begun. Rejects with the first failure, after every lane
 * has ended.
 */
export async function inLanes<Item, Lane, Result>(
  items: readonly Item[],
  lanes: readonly Lane[],
  goOn: () => boolean,
  work: (item: Item, index: number, lane: Lane) => Promise<Result>,
): Promise<(Result | undefined)[]> {
  const results: (Result | undefined)[] = items.map(() => undefined);
  let next = 0;
  let failed = false;
  const runLane = async (lane: Lane): Promise<void> => {
    while (!failed && next < items.length && goOn()) {
      const index = next++;
      try {
        results[index] = await work(items[index] as Item, index, lane);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(lanes.map(runLane));
  const failure = ended.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return results;
}
