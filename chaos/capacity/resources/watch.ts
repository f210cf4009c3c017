/** Looks at everything that may be busy while a step runs, a few times a second, so that any window of it can be judged afterwards. */
import type { Clock } from '../../clock.ts';
import { type FoundProcess } from './find-processes.ts';
import {
  countConnections,
  type MachineUsage,
  type ProcessUsage,
  readMachineUsage,
  readProcessUsage,
} from './process-usage.ts';

/** A pool of connections from a process to a port of this machine. */
export interface WatchedPool {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  readonly size: number;
  /** Connections of the same process to the same port that are not of the pool. */
  readonly besides: number;
}

export interface QueueState {
  /** Null when it could not be asked. */
  readonly length: number | null;
  readonly oldestAgeMs: number | null;
}

export interface Watched {
  readonly processes: readonly FoundProcess[];
  readonly pools: readonly WatchedPool[];
  readonly queue: ((signal: AbortSignal) => Promise<QueueState>) | null;
}

export interface Reading {
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly processes: ReadonlyMap<string, ProcessUsage>;
  readonly machine: MachineUsage | null;
  readonly pools: ReadonlyMap<string, number>;
  readonly queue: QueueState | null;
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
      readings.push(await read(watched, clock, stopping.signal));
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

async function read(watched: Watched, clock: Clock, signal: AbortSignal): Promise<Reading> {
  const atMs = clock.nowMs();
  const [usages, machine, connections, queue] = await Promise.all([
    Promise.all(watched.processes.map(async ({ name, pid }) => [name, await readProcessUsage(pid)] as const)),
    readMachineUsage(),
    Promise.all(
      watched.pools.map(async (pool) => [pool, await countConnections(pool.pid, pool.port)] as const),
    ),
    watched.queue?.(signal).catch(() => null) ?? null,
  ]);
  return {
    atMs,
    processes: new Map(usages.flatMap(([name, usage]) => (usage === null ? [] : [[name, usage] as const]))),
    machine,
    pools: new Map(
      connections.flatMap(([{ name, besides }, count]) =>
        count === null ? [] : [[name, Math.max(0, count - besides)] as const],
      ),
    ),
    queue,
  };
}
