/** Work that is done in several lanes at once, each with a stack of its own and taking the next piece as soon as it is free. */
import { availableParallelism } from 'node:os';
import { UsageError } from '../errors.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import type { Warden } from '../process/warden.ts';
import type { Stack, StackProvider } from '../stack/contract.ts';

/** A cell waits most of its time; two keep two processors busy without starving each other. */
const defaultLanes = 2;

/** As the user wrote it after --lanes. Throws UsageError. */
export function parseLanes(text: string | undefined, many: boolean, stack: string): number {
  if (text === undefined)
    return many && stack !== 'external' ? Math.min(defaultLanes, availableParallelism()) : 1;
  const lanes = /^[1-9]\d?$/.test(text) ? Number(text) : 0;
  if (lanes === 0)
    throw new UsageError(`--lanes "${text}" is no whole number from 1 to 99`, 'for example --lanes 2');
  if (lanes > 1 && stack === 'external') {
    throw new UsageError(
      '--lanes needs a stack for each lane, but an external stack is one',
      'leave --lanes out',
    );
  }
  return lanes;
}

export interface LaneOptions {
  readonly provider: StackProvider;
  readonly seed: string;
  readonly warden: Warden;
  readonly signal: AbortSignal;
}

/** `count` stacks, each in a folder of its own. `owner` ends them, also those that were started before a later one failed. */
export async function startStacks(
  { provider, seed, warden, signal }: LaneOptions,
  count: number,
  owner: AsyncDisposableStack,
): Promise<readonly Stack[]> {
  const stacks: Stack[] = [];
  for (let index = 0; index < count; index += 1) {
    const folder = owner.use(await temporaryFolder(warden, 'stack'));
    stacks.push(owner.use(await provider.start({ folder: folder.path, seed, signal })));
  }
  return stacks;
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
