/** The processes of the target and its stores, and what they spend, read from /proc. Linux only; elsewhere there are none. */
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { basename } from 'node:path';

/** A process is known by the log file that it writes to, which its children inherit. */
export interface ProcessSource {
  /** Such as `api-1`, `redis`. */
  readonly name: string;
  /** Such as `api`, `redis`. */
  readonly role: string;
  readonly logFile: string;
  /** Whether its first thread is an event loop that all requests pass; by default when the program is Node.js. */
  readonly singleThreaded?: boolean;
}

/** Several of a name are a program and its children. */
export interface FoundProcess {
  readonly name: string;
  readonly role: string;
  readonly pid: number;
  readonly singleThreaded: boolean;
}

/** Empty where there is no /proc. */
export async function findProcesses(sources: readonly ProcessSource[]): Promise<FoundProcess[]> {
  const byLog = new Map<string, ProcessSource>();
  for (const source of sources) {
    const file = await realpath(source.logFile).catch(() => null);
    if (file !== null) byLog.set(file, source);
  }
  const entries = await readdir('/proc').catch(() => []);
  const found = await Promise.all(
    entries
      .filter((entry) => /^\d+$/.test(entry))
      .map(async (entry): Promise<FoundProcess[]> => {
        const link = (name: string) => readlink(`/proc/${entry}/${name}`).catch(() => '');
        const source = byLog.get(await link('fd/1'));
        if (source === undefined) return [];
        const singleThreaded = source.singleThreaded ?? basename(await link('exe')) === 'node';
        return [{ name: source.name, role: source.role, pid: Number(entry), singleThreaded }];
      }),
  );
  return found.flat().toSorted((left, right) => left.name.localeCompare(right.name, 'en'));
}

/** Seconds since the process started. */
export interface ProcessUsage {
  readonly cpuSeconds: number;
  /** On a processor, of the first thread, on which Node runs its event loop. */
  readonly loopSeconds: number;
  /** In which the first thread was ready to run and waited for a processor. */
  readonly waitedSeconds: number;
}

/** The unit of the kernel's interface, independent of the machine's own timer. */
const ticksPerSecond = 100;
const nanosecondsPerSecond = 1e9;

/** Null for a process that has ended. */
export async function readProcessUsage(pid: number): Promise<ProcessUsage | null> {
  try {
    const [stat, schedule] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'latin1'),
      // Of the first thread: nanoseconds on a processor, and waiting for one.
      readFile(`/proc/${pid}/schedstat`, 'latin1'),
    ]);
    const [ran = 0, waited = 0] = schedule.split(' ').map(Number);
    return {
      cpuSeconds: cpuTicks(stat) / ticksPerSecond,
      loopSeconds: ran / nanosecondsPerSecond,
      waitedSeconds: waited / nanosecondsPerSecond,
    };
  } catch {
    return null;
  }
}

/** User and system time: fields 14 and 15 of proc(5), counted after the name, which may contain spaces and brackets. */
function cpuTicks(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

export interface MachineUsage {
  readonly busySeconds: number;
  readonly idleSeconds: number;
}

/** Over all processors. */
export async function readMachineUsage(): Promise<MachineUsage | null> {
  try {
    const [line = ''] = (await readFile('/proc/stat', 'latin1')).split('\n');
    const [user = 0, nice = 0, system = 0, idle = 0, io = 0, interrupts = 0, soft = 0] = line
      .trim()
      .split(/\s+/)
      .slice(1)
      .map(Number);
    return {
      busySeconds: (user + nice + system + interrupts + soft) / ticksPerSecond,
      idleSeconds: (idle + io) / ticksPerSecond,
    };
  } catch {
    return null;
  }
}

/** Connections that a process has open to a port; null without /proc. */
export async function countConnections(pid: number, port: number): Promise<number | null> {
  try {
    const tables = await Promise.all(
      ['tcp', 'tcp6'].map((table) => readFile(`/proc/${pid}/net/${table}`, 'latin1').catch(() => '')),
    );
    const toPort = new Set(tables.flatMap((table) => inodesTo(table, port)));
    if (toPort.size === 0) return 0;
    const descriptors = await readdir(`/proc/${pid}/fd`);
    const links = await Promise.all(
      descriptors.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')),
    );
    return links.filter((link) => toPort.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? '')).length;
  } catch {
    return null;
  }
}

const established = '01';

function inodesTo(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[2]?.endsWith(`:${wanted}`) === true && fields[3] === established)
    .map((fields) => fields[9] ?? '');
}

export interface Spent {
  readonly seconds: number;
  readonly byRole: Readonly<Record<string, number>>;
}

/**
 * Processor time of all threads that a piece of work costs, to the microsecond: for work that is too short for samples a few times a second. What a
 * process spends that starts or ends meanwhile is not counted.
 */
export async function spentBy(processes: readonly FoundProcess[], work: () => Promise<void>): Promise<Spent> {
  const read = () => Promise.all(processes.map(({ pid }) => allThreadsSeconds(pid)));
  const before = await read();
  await work();
  const after = await read();
  const byRole: Record<string, number> = {};
  for (const [index, { role }] of processes.entries()) {
    const spent = Math.max(0, (after[index] ?? 0) - (before[index] ?? 0));
    byRole[role] = (byRole[role] ?? 0) + spent;
  }
  return { seconds: Object.values(byRole).reduce((sum, spent) => sum + spent, 0), byRole };
}

async function allThreadsSeconds(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const ran = await Promise.all(
    threads.map(async (thread) => {
      const schedule = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').catch(() => '0');
      return Number(schedule.split(' ')[0]) / nanosecondsPerSecond;
    }),
  );
  return ran.reduce((sum, seconds) => sum + seconds, 0);
}
