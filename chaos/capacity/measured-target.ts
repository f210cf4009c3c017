/** The target as its capacity is measured: with the settings of production, on a stack that it reaches with or without the proxies between. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BacklogState, CapacityProfile } from '../api/capacity.ts';
import type { JsonObject } from '../api/context.ts';
import { type Observer, openObserver } from '../observe/observer.ts';
import type { Reaper } from '../process/reaper.ts';
import type { Clock } from '../clock.ts';
import type { Stack } from '../stack/contract.ts';
import type { LoadedTarget } from '../target/load-config.ts';
import { type RunningTarget, startTarget } from '../target/start.ts';
import type { Subject } from './measure-step.ts';
import { findProcesses, type FoundProcess, type ProcessSource } from './resources/processes.ts';
import type { WatchedPool } from './resources/watch.ts';

/** What all targets of one measurement share. */
export interface CapacityHost {
  readonly target: LoadedTarget;
  readonly profile: CapacityProfile;
  readonly stack: Stack;
  readonly reaper: Reaper;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Takes the logs of the target. */
  readonly folder: string;
  /** Told of what makes figures doubtful. */
  readonly doubt: (note: string) => void;
}

export interface MeasuredTargetOptions {
  readonly name: string;
  readonly world: JsonObject;
  readonly processes: Readonly<Record<string, number>>;
  /** Environment over the settings of the profile. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether the stores are reached through the proxies, which costs processor time, and without which no fault can be injected. */
  readonly proxied: boolean;
  readonly seed: string;
}

export interface MeasuredTarget extends AsyncDisposable {
  readonly running: RunningTarget;
  readonly observer: Observer;
  readonly world: JsonObject;
  /** What is loaded and watched, as it runs now. */
  subject(): Promise<Subject>;
  /** Waits until the backlog is empty, or else until the target is at rest; notes a doubt when that takes too long. */
  settle(): Promise<void>;
}

/** Work that the last request caused may only just reach the backlog. */
const settleFirstMs = 50;
const settleLimitMs = 15_000;
/** A backlog that cannot be read so many times in a row, such as without its store, is not waited for. */
const unreadableMax = 10;
const backlogTooOldMs = 2_000;

export async function openMeasuredTarget(
  host: CapacityHost,
  options: MeasuredTargetOptions,
): Promise<MeasuredTarget> {
  const { target, profile, stack, clock, signal, reaper } = host;
  const { name, world, processes, seed, proxied } = options;
  const database = `redcliff_capacity_${name}`;
  await using made = new AsyncDisposableStack();
  const observer = made.use(await openObserver(stack.endpoints, database));
  await stack.empty(database);
  const logFolder = join(host.folder, name, 'logs');
  await mkdir(logFolder, { recursive: true });
  const settings = { ...profile.settings, ...options.settings };
  const running = made.use(
    await startTarget(
      target,
      { processes, settings, database, direct: !proxied },
      { stack, observer, reaper, clock, signal, logFolder, nodeOptions: [] },
    ),
  );
  made.defer(() => {
    for (const exit of running.unexpectedExits())
      host.doubt(`${exit}: figures after it are not of the whole target`);
  });
  const { context } = running;
  const seeded = await running.seed({ name: `capacity-${name}`, seed, world });
  const { backlog, metrics, serving } = profile;
  const readBacklog = async (): Promise<BacklogState> =>
    backlog === undefined ? { length: null, oldestAgeMs: null } : backlog.read(context);
  const atRest = (): (() => Promise<boolean>) => {
    if (backlog === undefined) return async () => (await (target.atRest?.(context) ?? true)) === true;
    let unreadable = 0;
    return async () => {
      const { length } = await readBacklog();
      unreadable = length === null ? unreadable + 1 : 0;
      return length === 0 || unreadable >= unreadableMax;
    };
  };
  const urls = running.urls[serving] ?? [];
  const owned = made.move();
  return {
    running,
    observer,
    world: seeded,
    subject: async () => {
      const found = await findProcesses(sourcesOf(running, stack));
      const pools = poolsOf(profile, found, stack, { ...target.settings, ...settings }, proxied);
      return {
        urls,
        metrics: metrics === undefined ? null : { ...metrics, urls, http: context.http },
        watched: {
          processes: found,
          pools,
          backlog:
            backlog === undefined
              ? null
              : { title: backlog.title, tooOldMs: backlog.tooOldMs ?? backlogTooOldMs, read: readBacklog },
        },
      };
    },
    settle: async () => {
      await clock.sleep(settleFirstMs, signal);
      if (await context.until(atRest(), settleLimitMs)) return;
      host.doubt(
        `work was still open ${settleLimitMs / 1_000} s after a step, and slowed down the steps after it`,
      );
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The parts of a stack as reports call them. */
const partNames = { redis: 'redis', mongo: 'mongodb', toxiproxy: 'toxiproxy' } as const;

function sourcesOf({ processes }: RunningTarget, { logs }: Stack): ProcessSource[] {
  const own = processes.all.map(({ name, role, logFile }) => ({ name, role, logFile }));
  const parts = (['redis', 'mongo', 'toxiproxy'] as const).flatMap((part): ProcessSource[] => {
    const logFile = logs[part];
    if (logFile === undefined) return [];
    const name = partNames[part];
    return [{ name, role: name, logFile, ...(part === 'redis' ? { singleThreaded: true } : {}) }];
  });
  return [...own, ...parts];
}

function poolsOf(
  { pools = [] }: CapacityProfile,
  processes: readonly FoundProcess[],
  stack: Stack,
  settings: Readonly<Record<string, string>>,
  proxied: boolean,
): WatchedPool[] {
  return pools.flatMap(({ store, roles, size, besides = 0 }) => {
    const endpoint = stack.endpoints[store];
    const { hostname, port } = new URL(proxied ? endpoint.proxied : endpoint.direct);
    // On another machine the port may belong to another server.
    if (hostname !== '127.0.0.1' && hostname !== 'localhost') return [];
    return processes
      .filter(({ role }) => roles.includes(role))
      .map(({ name, pid }) => ({
        name: `${store === 'mongo' ? 'MongoDB' : 'Redis'} pool of ${name}`,
        pid,
        port: Number(port),
        size: size(settings),
        besides,
      }));
  });
}
