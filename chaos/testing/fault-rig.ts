/** A stack for tests of faults, with a target and clients that send requests, like a cell without k6. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FaultContext } from '../api/fault.ts';
import type { JsonObject, TargetContext } from '../api/context.ts';
import { systemClock } from '../clock.ts';
import { type Observer, openObserver } from '../observe/observer.ts';
import { startReaper, type Reaper } from '../process/reaper.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import type { Stack, StackProvider } from '../stack/contract.ts';
import { localProvider } from '../stack/local-provider.ts';
import type { LoadedTarget } from '../target/load-config.ts';
import { startTarget, type RunningTarget } from '../target/start.ts';
import { sample } from './sample/sample.ts';

const clock = systemClock;
const database = 'redcliff_faults';
const requestEveryMs = 15;

/** What runs on the rig, and how it is asked. */
export interface RigTarget {
  readonly target: LoadedTarget;
  readonly processes: Readonly<Record<string, number>>;
  readonly settings?: Readonly<Record<string, string>>;
  readonly world: JsonObject;
  /** Where its processes note which request caused which command. */
  readonly tiesFolder?: string;
  /** One change, of the n-th client, at this base address; true when it was accepted. Never rejects. Without it there are no clients. */
  ask?(context: TargetContext, baseUrl: string, number: number): Promise<boolean>;
}

const sampleOnRig: RigTarget = {
  target: sample,
  processes: { api: 2, worker: 2 },
  world: { items: 8 },
  ask: async ({ http }, baseUrl, number) => {
    const item = `${baseUrl}/items/i${(number % 8) + 1}`;
    const written = await http.post(item, { text: `text ${number}` });
    await http.get(item);
    return written.status === 200;
  },
};

export interface FaultRig extends AsyncDisposable {
  readonly stack: Stack;
  readonly observer: Observer;
  /** Of the stack alone, on which no target runs. */
  readonly context: FaultContext;
  /** Starts the target, and clients that send requests all the time. */
  startTarget(what?: RigTarget): Promise<BusyTarget>;
}

export interface BusyTarget extends AsyncDisposable {
  readonly running: RunningTarget;
  /** What its seed returned. */
  readonly world: JsonObject;
  /** Resolves when the target is well and each of its addresses accepts a change; rejects after `limitMs`. */
  works(limitMs: number): Promise<void>;
}

/** On a local stack whose servers are embedded, unless another provider is given. */
export async function openFaultRig(
  provide: (reaper: Reaper) => StackProvider = embeddedProvider,
): Promise<FaultRig> {
  await using owned = new AsyncDisposableStack();
  const reaper = owned.use(await startReaper({ clock }));
  const folder = owned.use(await temporaryFolder(reaper, 'faults'));
  const stackFolder = join(folder.path, 'stack');
  const logFolder = join(folder.path, 'logs');
  await Promise.all([mkdir(stackFolder), mkdir(logFolder)]);
  // It also bounds later starts of a server that was killed, so it must not run out.
  const { signal } = new AbortController();
  const stack = owned.use(await provide(reaper).start({ folder: stackFolder, seed: 'faults', signal }));
  const observer = owned.use(await openObserver(stack.endpoints, database));
  await stack.empty(database);
  const host = { stack, observer, reaper, clock, signal, logFolder, nodeOptions: [] };
  const hostFor = ({ tiesFolder }: RigTarget) => (tiesFolder === undefined ? host : { ...host, tiesFolder });
  const resources = owned.move();
  const { proxyNames, toxiproxyApi } = stack.endpoints;
  return {
    stack,
    observer,
    context: {
      stack,
      observer,
      clock,
      signal,
      proxies: {
        api: toxiproxyApi,
        to: (store) => [proxyNames[store === 'redis' ? 'redis' : 'mongo']],
        processOf: () => null,
      },
      processes: { all: [], withRole: () => [], find: () => undefined },
    },
    startTarget: async (what = sampleOnRig) => {
      const { target, processes, settings = {}, world } = what;
      await using started = new AsyncDisposableStack();
      const running = started.use(
        await startTarget(target, { processes, settings, database }, hostFor(what)),
      );
      const seeded = await running.seed({ name: 'faults', seed: 'faults', world });
      const { ask = () => Promise.resolve(true) } = what;
      if (what.ask !== undefined) started.use(keepAsking(running, ask));
      const busy = started.move();
      return {
        running,
        world: seeded,
        works: (limitMs) => worksAgain(running, ask, limitMs),
        [Symbol.asyncDispose]: async () => await busy.disposeAsync(),
      };
    },
    [Symbol.asyncDispose]: async () => await resources.disposeAsync(),
  };
}

function embeddedProvider(reaper: Reaper): StackProvider {
  const environment = { ...process.env, REDCLIFF_MONGO: 'embedded', REDCLIFF_TOXIPROXY: 'embedded' };
  return localProvider({ reaper, clock, environment });
}

let asked = 0;

type Ask = NonNullable<RigTarget['ask']>;

async function worksAgain(running: RunningTarget, ask: Ask, limitMs: number): Promise<void> {
  const { context, baseUrls } = running;
  for (const baseUrl of baseUrls) {
    const works = async (): Promise<boolean> =>
      (await running.health())?.well === true && (await ask(context, baseUrl, (asked += 1)));
    if (await context.until(works, limitMs)) continue;
    throw new Error(`${baseUrl} did not work again within ${limitMs} ms`);
  }
}

/** Asks at a steady rate, whether the request before was answered or not. */
function keepAsking({ context, baseUrls }: RunningTarget, ask: Ask): AsyncDisposable {
  const stopping = new AbortController();
  const pending = new Set<Promise<unknown>>();
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      asked += 1;
      const request = ask(context, baseUrls[asked % baseUrls.length] ?? '', asked).finally(() =>
        pending.delete(request),
      );
      pending.add(request);
      await clock.sleep(requestEveryMs, stopping.signal).catch(() => undefined);
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await loop;
      await Promise.allSettled(pending);
    },
  };
}
