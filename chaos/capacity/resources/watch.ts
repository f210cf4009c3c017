/** Samples everything that may be busy while a step runs, a few times a second, so that any window of it can be judged afterwards. */
import type { BacklogState } from '../../api/capacity.ts';
import type { Clock } from '../../clock.ts';
import {
  countConnections,
  type FoundProcess,
  type MachineUsage,
  type ProcessUsage,
  readMachineUsage,
  readProcessUsage,
} from './processes.ts';

/** A pool of connections from a process to a port of this machine. */
export interface WatchedPool {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  readonly size: number;
  /** Connections of the same process to the same port that are not of the pool. */
  readonly besides: number;
}

export interface WatchedBacklog {
  readonly title: string;
  readonly tooOldMs: number;
  read(): Promise<BacklogState>;
}

export interface Watched {
  readonly processes: readonly FoundProcess[];
  readonly pools: readonly WatchedPool[];
  readonly backlog: WatchedBacklog | null;
}

export interface Reading {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** By process id. */
  readonly processes: ReadonlyMap<number, ProcessUsage>;
  readonly machine: MachineUsage | null;
  readonly pools: ReadonlyMap<string, number>;
  readonly backlog: BacklogState | null;
}

export interface ResourceWatch extends AsyncDisposable {
  finish(): Promise<readonly Reading[]>;
}

const periodMs = 250;

export function watchResources(watched: Watched, clock: Clock): ResourceWatch {
  const stopping = new AbortController();
  const readings: Reading[] = [];
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      readings.push(await read(watched, clock));
      await clock.sleep(periodMs, stopping.signal).catch(() => undefined);
    }
  })();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await loop;
  };
  return {
    finish: async () => {
      await stop();
      return readings;
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function read(watched: Watched, clock: Clock): Promise<Reading> {
  const atMs = clock.nowMs();
  const [usages, machine, connections, backlog] = await Promise.all([
    Promise.all(watched.processes.map(async ({ pid }) => [pid, await readProcessUsage(pid)] as const)),
    readMachineUsage(),
    Promise.all(
      watched.pools.map(async (pool) => [pool, await countConnections(pool.pid, pool.port)] as const),
    ),
    watched.backlog?.read().catch(() => null) ?? null,
  ]);
  return {
    atMs,
    processes: new Map(usages.flatMap(([pid, usage]) => (usage === null ? [] : [[pid, usage] as const]))),
    machine,
    pools: new Map(
      connections.flatMap(([{ name, besides }, count]) =>
        count === null ? [] : [[name, Math.max(0, count - besides)] as const],
      ),
    ),
    backlog,
  };
}
