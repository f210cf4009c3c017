/** The system as its capacity is measured: with the settings of production, on a stack that the load reaches with or without the proxies between. */
import { join } from 'node:path';
import type { Experiment, Processes, World } from '../../scenarios/experiment.ts';
import { readHealth } from '../experiment/api-client.ts';
import type { RunContext } from '../experiment/run-context.ts';
import { faultContext, prepareStack } from '../experiment/stack-use.ts';
import { startSystem, type SystemUnderTest } from '../experiment/system-under-test.ts';
import type { FaultContext } from '../faults/fault.ts';
import { openObserver, type Observer } from '../observe/observer.ts';
import type { Stack } from '../stack/contract.ts';
import type { Target } from './measure-step.ts';
import { findProcesses } from './resources/find-processes.ts';
import type { Watched, WatchedPool } from './resources/watch.ts';
import type { LoadedWorld } from './routes.ts';

/** What the harness shortens for its other runs is as long here as an installation has it. */
const productionSettings = {
  L1_TTL_SECONDS: '3',
  JOURNAL_POLL_MS: '500',
  REQUEST_DEADLINE_MS: '2000',
  SYNC_CLAIM_IDLE_MS: '5000',
  TURN_DEADLINE_MS: '60000',
  TURN_LOCK_TTL_SECONDS: '600',
  DAEMON_TICK_MS: '250',
  // Turns are measured by themselves: none comes by itself into the middle of a step.
  TURN_PERIOD_MS: '86400000',
};
const poolSizeDefault = 20;
/** The driver watches the server on a connection of its own. */
const monitoringConnections = 1;

export interface CapacitySystemOptions {
  readonly name: string;
  readonly world: World;
  readonly processes: Processes;
  readonly settings: Readonly<Record<string, string>>;
  /** Whether Redis and MongoDB are reached through Toxiproxy, which costs, and without which nothing can be broken. */
  readonly proxied: boolean;
  readonly seed: string;
}

export interface CapacitySystem extends AsyncDisposable {
  readonly system: SystemUnderTest;
  readonly observer: Observer;
  readonly world: LoadedWorld;
  readonly faults: FaultContext;
  /** What is to be loaded and looked at as it runs now. */
  target(): Promise<Target>;
  /** Waits until the queue to the database is empty; false when it does not get there. */
  settle(): Promise<boolean>;
}

const settleLimitMs = 15_000;
const settlePollMs = 50;

export async function openCapacitySystem(
  run: RunContext,
  options: CapacitySystemOptions,
): Promise<CapacitySystem> {
  const { name, world, processes, seed, proxied } = options;
  const stack = proxied ? run.stack : withoutProxies(run.stack);
  const database = `redcliff_capacity_${name}`;
  await using made = new AsyncDisposableStack();
  const observer = made.use(await openObserver(run.stack.endpoints, database));
  await prepareStack(run.stack, observer);
  const settings = { ...productionSettings, ...options.settings };
  const experiment: Experiment = { ...blank, name: `capacity-${name}`, world, processes, settings };
  const plan = { experiment, outage: 'none', seed, durationMs: 0, timeline: [] };
  const system = made.use(await startSystem({ ...run, stack }, plan, database, join(run.runFolder, name)));
  await system.seedWorld();
  const { clock, signal } = run;
  const [apiUrl = ''] = system.apiUrls;
  const queue = async () => {
    const { queueLength, oldestAgeMs } = await readHealth(apiUrl, signal);
    return { length: queueLength, oldestAgeMs };
  };
  const owned = made.move();
  return {
    system,
    observer,
    world: { ...world, sessionIds: system.sessionIds },
    faults: faultContext(run, system, observer, signal),
    target: async () => ({
      urls: system.apiUrls,
      metricsUrls: system.apiUrls,
      watched: await watchedProcesses(run, stack, settings, queue),
    }),
    settle: async () => {
      const lastMs = clock.monotonicMs() + settleLimitMs;
      while (clock.monotonicMs() < lastMs) {
        await clock.sleep(settlePollMs, signal);
        if ((await queue()).length === 0) return true;
      }
      return false;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Of an experiment only world, processes and settings matter here: no script is run. */
const blank = {
  title: 'capacity',
  script: '',
  load: { durationMs: 0, ratePerSecond: 0, maxVus: 0 },
  outages: [],
  invariants: [],
  unavailableShareMax: {},
} as const;

/** The same stack, as if nothing stood between: all but the endpoints is its own. */
function withoutProxies(stack: Stack): Stack {
  const { redis, mongo } = stack.endpoints;
  const endpoints = {
    ...stack.endpoints,
    redis: { direct: redis.direct, proxied: redis.direct },
    mongo: { direct: mongo.direct, proxied: mongo.direct },
  };
  return new Proxy(stack, {
    get: (own, name) => {
      if (name === 'endpoints') return endpoints;
      const value: unknown = Reflect.get(own, name, own);
      return typeof value === 'function' ? value.bind(own) : value;
    },
  });
}

async function watchedProcesses(
  run: RunContext,
  stack: Stack,
  settings: Readonly<Record<string, string>>,
  queue: NonNullable<Watched['queue']>,
): Promise<Watched> {
  const processes = await findProcesses(run.reaper.runId);
  const port = portOf(stack.endpoints.mongo.proxied);
  const size = Number(settings['DATABASE_POOL_SIZE'] ?? poolSizeDefault);
  const pools = processes
    .filter(({ name }) => name.startsWith('api-'))
    .map(({ name, pid }): WatchedPool => ({
      name: `MongoDB pool of ${name}`,
      pid,
      port,
      size,
      besides: monitoringConnections,
    }));
  return { processes, pools: port === 0 ? [] : pools, queue };
}

/** 0 when it is none that this machine could tell. */
function portOf(uri: string): number {
  return Number(/^mongodb:\/\/(?:127\.0\.0\.1|localhost):(\d+)/.exec(uri)?.[1] ?? 0);
}
