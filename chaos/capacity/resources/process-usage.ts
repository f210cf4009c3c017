/** What processes spend, from /proc: processor time of all threads, and of the first one, on which Node runs its event loop. Linux only. */
import { readdir, readFile, readlink } from 'node:fs/promises';

/** Seconds since the process started; null for a process that is gone, or a system without /proc. */
export interface ProcessUsage {
  readonly cpuSeconds: number;
  readonly loopSeconds: number;
  /** In which the first thread could have run and waited for a processor. */
  readonly waitedSeconds: number;
}

/** Of the kernel's interface, whatever the machine's own timer does. */
const ticksPerSecond = 100;
const nanosecondsPerSecond = 1e9;

export async function readProcessUsage(pid: number): Promise<ProcessUsage | null> {
  try {
    const [whole, schedule] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'latin1'),
      // Of the first thread: nanoseconds on a processor, and waiting for one.
      readFile(`/proc/${pid}/schedstat`, 'latin1'),
    ]);
    const [ran = 0, waited = 0] = schedule.split(' ').map(Number);
    return {
      cpuSeconds: cpuTicks(whole) / ticksPerSecond,
      loopSeconds: ran / nanosecondsPerSecond,
      waitedSeconds: waited / nanosecondsPerSecond,
    };
  } catch {
    return null;
  }
}

/** User and system time: fields 14 and 15 of proc(5), counted from behind the name, which may hold anything. */
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

/** Connections that a process holds open to a port on this machine; null without /proc. */
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
