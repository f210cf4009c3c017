/**
 * Whether the client and the serving processes had a processor when they needed one, as Linux counts it for each thread in
 * `/proc/<pid>/task/<tid>/schedstat`: nanoseconds that it ran, and nanoseconds that it was ready to run and got no processor. What a
 * request lost that way was lost to the machine and not to the target; and so is what a hypervisor took for others.
 */
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { ProcessorWait } from '../../reports/record/evidence.ts';
import type { Clock } from '../clock.ts';

const periodMs = 100;
/** Searching for new processes costs more than reading those that are known. */
const looksPerSearch = 6;
const nanosecondsPerMillisecond = 1e6;

export interface ProcessorWaits extends AsyncDisposable {
  /** Stops; undefined where the machine does not report it, or no process was found. */
  finish(): Promise<ProcessorWait[] | undefined>;
}

export interface ThreadTimes {
  readonly ranNs: number;
  readonly waitedNs: number;
  /** Running or ready to run. How long it is ready is counted only when it gets a processor. */
  readonly runnable: boolean;
}

/** Times since each thread began. */
type Threads = ReadonlyMap<string, ThreadTimes>;

interface Look {
  readonly atMs: number;
  readonly threads: Threads;
}

/**
 * `logs`: the folder in which the processes of the cell write their logs, by which they are known; `names` of those that are watched: the time of a
 * request passes only through these.
 */
export function measureProcessorWaits(
  clock: Clock,
  logs: string,
  names: ReadonlySet<string>,
  machine: Machine = linux,
): ProcessorWaits {
  const stopping = new AbortController();
  const waits: ProcessorWait[] = [];
  let watched: readonly WatchedProcess[] = [];
  let before = new Map<string, Look>();
  let looks = 0;
  let found = false;
  let fromMs = clock.nowMs();
  let stolenBeforeMs = machine.stolenMs();

  const look = (): void => {
    if (looks++ % looksPerSearch === 0)
      watched = machine.processesOf(logs).filter(({ name }) => names.has(name));
    found ||= watched.length > 0;
    const startedMs = clock.nowMs();
    const stolenMs = machine.stolenMs();
    const now = new Map<string, Look>();
    const waitedMs: Record<string, number> = {};
    const idleMs: Record<string, number> = {};
    for (const { pid, name } of watched) {
      const seen = { atMs: clock.monotonicMs(), threads: machine.threadsOf(pid) };
      const known = before.get(pid);
      now.set(pid, seen);
      if (known === undefined || seen.threads.size === 0) continue;
      const between = compare(known, seen);
      waitedMs[name] = Math.round(between.waitedMs + stolenMs - stolenBeforeMs);
      idleMs[name] = Math.floor(between.idleMs);
    }
    if (Object.keys(idleMs).length > 0) waits.push({ fromMs, toMs: clock.nowMs(), waitedMs, idleMs });
    before = now;
    stolenBeforeMs = stolenMs;
    fromMs = startedMs;
  };
  const loop = (async () => {
    if (!machine.tells()) return;
    while (!stopping.signal.aborted) {
      look();
      await clock.sleep(periodMs, stopping.signal).catch(() => undefined);
    }
    look();
  })();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await loop;
  };
  return {
    finish: async () => {
      await stop();
      return found ? waits : undefined;
    },
    [Symbol.asyncDispose]: stop,
  };
}

/**
 * What all threads together waited, and for how long at least none of them was running or ready to run. A thread that is ready now has an
 * unknown part of the time behind it in which it was.
 */
function compare(before: Look, now: Look): { readonly waitedMs: number; readonly idleMs: number } {
  let [waitedNs, ranNs, runnable] = [0, 0, false];
  for (const [id, thread] of now.threads) {
    const earlier = before.threads.get(id);
    waitedNs += thread.waitedNs - (earlier?.waitedNs ?? 0);
    ranNs += thread.ranNs - (earlier?.ranNs ?? 0);
    runnable ||= thread.runnable;
  }
  const busyMs = (waitedNs + ranNs) / nanosecondsPerMillisecond;
  const idleMs = runnable ? 0 : Math.max(0, now.atMs - before.atMs - busyMs);
  return { waitedMs: waitedNs / nanosecondsPerMillisecond, idleMs };
}

export interface WatchedProcess {
  readonly pid: string;
  readonly name: string;
}

/** What the operating system reports. */
export interface Machine {
  tells(): boolean;
  processesOf(logs: string): readonly WatchedProcess[];
  /** None of a process that has ended. */
  threadsOf(pid: string): Threads;
  /** Milliseconds since it was started in which its processors were others', all of them together; none but on a virtual machine. */
  stolenMs(): number;
}

export const linux: Machine = {
  stolenMs: () => Number(read('/proc/stat').split(/\s+/)[stolenColumn] ?? 0) * millisecondsPerTick,
  tells: () => Number(read('/proc/self/schedstat').split(' ')[0]) > 0,
  // Every process that the harness starts writes its output to a file with its name.
  processesOf: (logs) => {
    const folder = realpathSync(logs);
    return namesIn('/proc').flatMap((pid) => {
      const log = /^\d+$/.test(pid) ? outputOf(pid) : '';
      const name = basename(log, '.log');
      return dirname(log) === folder ? [{ pid, name }] : [];
    });
  },
  threadsOf: (pid) =>
    new Map(
      namesIn(`/proc/${pid}/task`).map((thread) => {
        const [ran = 0, waited = 0] = read(`/proc/${pid}/task/${thread}/schedstat`).split(' ').map(Number);
        // The name, in brackets, may hold anything; the state follows it.
        const state = read(`/proc/${pid}/task/${thread}/stat`).split(') ').at(-1);
        return [thread, { ranNs: ran, waitedNs: waited, runnable: state?.startsWith('R') === true }];
      }),
    ),
};

/** Linux reports processor times in hundredths of a second. */
const millisecondsPerTick = 10;
const stolenColumn = 8;

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function outputOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/1`);
  } catch {
    return '';
  }
}

/** Empty when it is not there (any more). */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
