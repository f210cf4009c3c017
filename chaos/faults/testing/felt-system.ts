/** A stack for tests of faults, and on it the real system with somebody who keeps asking it, as a cell has them but without k6. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Toxiproxy } from 'toxiproxy-node-client';
import { systemClock } from '../../clock.ts';
import { readHealth } from '../../experiment/api-client.ts';
import { prepareStack } from '../../experiment/stack-use.ts';
import { startSystem, type SystemUnderTest } from '../../experiment/system-under-test.ts';
import { type Observer, openObserver } from '../../observe/observer.ts';
import { temporaryFolder } from '../../process/temporary-folder.ts';
import { startReaper, type Reaper } from '../../process/reaper.ts';
import { localProvider } from '../../stack/local-provider.ts';
import type { Stack, StackProvider } from '../../stack/contract.ts';
import type { FaultContext } from '../fault.ts';

const clock = systemClock;
const database = 'redcliff_faults';
const requestEveryMs = 15;
const requestDeadlineMs = 2_000;
const healthPollMs = 50;

export interface FaultRig extends AsyncDisposable {
  readonly stack: Stack;
  readonly observer: Observer;
  /** Of a system with these processes; without it, of one that does not run. */
  context(system?: SystemUnderTest): FaultContext;
  /** Starts the system and somebody who asks it all the time. */
  startSystem(): Promise<FeltSystem>;
}

export interface FeltSystem extends AsyncDisposable {
  readonly system: SystemUnderTest;
  /** Resolves when the API is well and a change is accepted by each API process; rejects after `limitMs`. */
  works(limitMs: number): Promise<void>;
}

/** On a local stack whose servers are embedded, unless another one is given. */
export async function openFaultRig(
  provide: (reaper: Reaper) => StackProvider = embeddedProvider,
): Promise<FaultRig> {
  await using owned = new AsyncDisposableStack();
  const reaper = owned.use(await startReaper({ clock }));
  const folder = owned.use(await temporaryFolder(reaper, 'faults'));
  const stackFolder = join(folder.path, 'stack');
  await mkdir(stackFolder);
  const provider = provide(reaper);
  // It also bounds later starts of a server that was killed, so it must not run out.
  const { signal } = new AbortController();
  const stack = owned.use(await provider.start({ folder: stackFolder, seed: 'faults', signal }));
  const observer = owned.use(await openObserver(stack.endpoints, database));
  await prepareStack(stack, observer);
  const resources = owned.move();
  return {
    stack,
    observer,
    context: (system) => ({
      stack,
      toxiproxy: new Toxiproxy(stack.endpoints.toxiproxyApi),
      processes: system?.processes ?? { ofKind: () => [], find: () => undefined },
      observer,
      clock,
      signal: new AbortController().signal,
    }),
    startSystem: () => startFeltSystem(stack, reaper, folder.path),
    [Symbol.asyncDispose]: async () => await resources.disposeAsync(),
  };
}

function embeddedProvider(reaper: Reaper): StackProvider {
  const environment = { ...process.env, REDCLIFF_MONGO: 'embedded', REDCLIFF_TOXIPROXY: 'embedded' };
  return localProvider({ reaper, clock, environment });
}

async function startFeltSystem(stack: Stack, reaper: Reaper, folder: string): Promise<FeltSystem> {
  const signal = new AbortController().signal;
  const progress = { phase: () => undefined, applied: () => undefined, healed: () => undefined };
  const run = { runFolder: folder, stack, reaper, clock, signal, progress, k6: null, defect: null };
  const experiment = {
    name: 'faults',
    title: 'The system for tests of faults',
    script: '',
    world: { sessions: 1, generals: 150, cities: 10, nations: 2 },
    processes: { api: 2, turnProcessor: 2, dbSync: 1 },
    load: { durationMs: 0, ratePerSecond: 0, maxVus: 0 },
    settings: { TURN_PERIOD_MS: '250' },
    outages: [],
    invariants: [],
    unavailableShareMax: {},
  };
  const plan = { experiment, outage: 'none', seed: 'faults', durationMs: 0, timeline: [] };
  const system = await startSystem(run, plan, database, folder);
  await system.seedWorld();
  const asking = keepAsking(system);
  return {
    system,
    works: async (limitMs) => {
      const deadlineMs = clock.monotonicMs() + limitMs;
      for (const apiUrl of system.apiUrls) {
        while (!(await worksAt(system, apiUrl))) {
          if (clock.monotonicMs() > deadlineMs) throw new Error(`${apiUrl} did not work again in time`);
          await clock.sleep(healthPollMs);
        }
      }
    },
    [Symbol.asyncDispose]: async () => {
      await asking[Symbol.asyncDispose]();
      await system[Symbol.asyncDispose]();
    },
  };
}

async function worksAt(system: SystemUnderTest, apiUrl: string): Promise<boolean> {
  const health = await readHealth(apiUrl, new AbortController().signal);
  if (!(health.serving && health.redisWell && health.mongoWell)) return false;
  return (await ask(system, apiUrl, 'works')) === 200;
}

let asked = 0;

/** One player's action, followed by a read of the same general; resolves to the status of the action, 0 without an answer. */
async function ask(system: SystemUnderTest, apiUrl: string, who: string): Promise<number> {
  asked += 1;
  const general = `${apiUrl}/api/sessions/${system.sessionIds[0] ?? ''}/generals/${(asked % 20) + 1}`;
  try {
    const response = await fetch(`${general}/actions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `${who}-${asked}` },
      body: JSON.stringify({ command: 'reserve', slot: asked % 50, order: `${who}-${asked}` }),
      signal: AbortSignal.timeout(requestDeadlineMs),
    });
    await response.text();
    await (await fetch(general, { signal: AbortSignal.timeout(requestDeadlineMs) })).text();
    return response.status;
  } catch {
    return 0;
  }
}

/** Asks at a steady rate, whether the former request was answered or not. */
function keepAsking(system: SystemUnderTest): AsyncDisposable {
  const stopping = new AbortController();
  const pending = new Set<Promise<unknown>>();
  const loop = (async () => {
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      const apiUrl = system.apiUrls[turn % system.apiUrls.length] ?? '';
      const request = ask(system, apiUrl, 'player').finally(() => pending.delete(request));
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
