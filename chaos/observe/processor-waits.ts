/**
 * How long the processes of a cell were ready to run and got no processor, as Linux counts it for each thread (the second number of
 * `/proc/<pid>/task/<tid>/schedstat`, nanoseconds). What a request lost that way is the machine's doing and not the system's.
 */
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { ProcessorWait } from '../../reports/record/evidence.ts';
import type { Clock } from '../clock.ts';

const periodMs = 200;
/** Looking for new processes is dearer than looking at those that are known. */
const looksPerSearch = 3;
const nanosecondsPerMillisecond = 1e6;
/** Less is what every process waits now and then. */
const shownFromMs = 1;

export interface ProcessorWaits extends AsyncDisposable {
  /** Stops; undefined where the machine does not tell, or no process was found: then nobody knows who waited. */
  finish(): Promise<ProcessorWait[] | undefined>;
}

/** Threads of a process with what each has waited so far, in nanoseconds. */
type Waited = ReadonlyMap<string, number>;

/** `logs`: the folder in which the processes of the cell write their logs, by which they are known. */
export function measureProcessorWaits(clock: Clock, logs: string, machine: Machine = linux): ProcessorWaits {
  const stopping = new AbortController();
  const waits: ProcessorWait[] = [];
  let watched: readonly WatchedProcess[] = [];
  let before = new Map<string, Waited>();
  let looks = 0;
  let found = false;
  let fromMs = clock.nowMs();

  const look = (): void => {
    if (looks++ % looksPerSearch === 0) watched = machine.processesOf(logs);
    found ||= watched.length > 0;
    const toMs = clock.nowMs();
    const now = new Map<string, Waited>();
    const waitedMs: Record<string, number> = {};
    for (const { pid, name } of watched) {
      const threads = machine.waitedBy(pid);
      now.set(pid, threads);
      const known = before.get(pid);
      const ms = known === undefined ? 0 : sinceThen(known, threads) / nanosecondsPerMillisecond;
      if (ms >= shownFromMs) waitedMs[name] = (waitedMs[name] ?? 0) + Math.round(ms);
    }
    if (Object.keys(waitedMs).length > 0) waits.push({ fromMs, toMs, waitedMs });
    before = now;
    fromMs = toMs;
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

/** A thread that is new has waited since it began. */
function sinceThen(before: Waited, now: Waited): number {
  let waited = 0;
  for (const [thread, total] of now) waited += total - (before.get(thread) ?? 0);
  return waited;
}

export interface WatchedProcess {
  readonly pid: string;
  readonly name: string;
}

/** What the operating system tells. */
export interface Machine {
  tells(): boolean;
  processesOf(logs: string): readonly WatchedProcess[];
  waitedBy(pid: string): Waited;
}

const linux: Machine = {
  tells: () => Number(read('/proc/self/schedstat').split(' ')[0]) > 0,
  // Whatever the harness starts writes its output into a file that is named after it.
  processesOf: (logs) => {
    const folder = realpathSync(logs);
    return namesIn('/proc').flatMap((pid) => {
      const log = /^\d+$/.test(pid) ? outputOf(pid) : '';
      return dirname(log) === folder ? [{ pid, name: basename(log, '.log') }] : [];
    });
  },
  waitedBy: (pid) =>
    new Map(
      namesIn(`/proc/${pid}/task`).map((thread) => [
        thread,
        Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[1] ?? 0),
      ]),
    ),
};

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
