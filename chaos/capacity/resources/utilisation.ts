/** From readings to how busy everything was in a window. Pure. */
import type { Utilisation } from '../../../reports/capacity/bottleneck.ts';
import type { Reading, Watched } from './watch.ts';

export interface WindowUsage {
  readonly utilisations: readonly Utilisation[];
  /** Processor seconds a second by kind of process: `api` for `api-1` and `api-2` together. */
  readonly busy: Readonly<Record<string, number>>;
  /** Share of the machine's processors that neither the system nor the harness used. */
  readonly othersShare: number | null;
  readonly queueLengthMax: number | null;
  readonly queueAgeMsMax: number | null;
}

export interface HarnessUsage {
  /** Processors of this machine. */
  readonly processors: number;
  /** Processor seconds a second of the harness itself, the load generator included. */
  readonly harnessShare: number;
}

/** Saves that wait longer than this for the database are far behind. */
const queueAgeMsTooOld = 2_000;

/** The readings nearest to the window are taken; with fewer than two there is nothing to say. */
export function usageBetween(
  watched: Watched,
  readings: readonly Reading[],
  fromMs: number,
  toMs: number,
  { processors, harnessShare }: HarnessUsage,
): WindowUsage {
  const within = readings.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const first = readings.findLast(({ atMs }) => atMs <= fromMs) ?? within[0];
  const last = readings.find(({ atMs }) => atMs >= toMs) ?? within.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs)
    return { utilisations: [], busy: {}, othersShare: null, queueLengthMax: null, queueAgeMsMax: null };
  const seconds = (last.atMs - first.atMs) / 1_000;
  const busy: Record<string, number> = {};
  const loops: Utilisation[] = [];
  for (const { name, singleThreaded } of watched.processes) {
    const [before, after] = [first.processes.get(name), last.processes.get(name)];
    if (before === undefined || after === undefined) continue;
    const kind = kindOf(name);
    busy[kind] = (busy[kind] ?? 0) + (after.cpuSeconds - before.cpuSeconds) / seconds;
    if (!singleThreaded) continue;
    const ran = (after.loopSeconds - before.loopSeconds) / seconds;
    const waited = (after.waitedSeconds - before.waitedSeconds) / seconds;
    loops.push({
      resource: `event loop of ${name}`,
      kind: 'event-loop',
      value: Math.min(1, ran + waited),
      detail: `${percent(ran)} running, ${percent(waited)} waiting for a processor`,
    });
  }
  const seen = within.length === 0 ? [first, last] : within;
  const lengths = seen.flatMap(({ queue }) => queue?.length ?? []);
  const ages = seen.flatMap(({ queue }) => queue?.oldestAgeMs ?? []);
  const queueAgeMsMax = ages.length === 0 ? null : Math.max(...ages);
  const machine = machineUsage(first, last, seconds, processors);
  const ours = Object.values(busy).reduce((sum, share) => sum + share, harnessShare);
  return {
    utilisations: [...loops, ...poolsOf(watched, seen), ...queueOf(queueAgeMsMax), ...machine.utilisations],
    busy,
    othersShare: machine.busy === null ? null : Math.max(0, machine.busy - ours / processors),
    queueLengthMax: lengths.length === 0 ? null : Math.max(...lengths),
    queueAgeMsMax,
  };
}

export function kindOf(name: string): string {
  return name.replace(/-\d+$/, '');
}

function machineUsage(first: Reading, last: Reading, seconds: number, processors: number) {
  if (first.machine === null || last.machine === null) return { busy: null, utilisations: [] };
  const busySeconds = last.machine.busySeconds - first.machine.busySeconds;
  const idleSeconds = last.machine.idleSeconds - first.machine.idleSeconds;
  const busy = busySeconds / Math.max(busySeconds + idleSeconds, Number.MIN_VALUE);
  const utilisation: Utilisation = {
    resource: 'processors of this machine',
    kind: 'processors',
    value: busy,
    detail: `${(busySeconds / seconds).toFixed(2)} of ${processors}`,
  };
  return { busy, utilisations: [utilisation] };
}

function poolsOf(watched: Watched, seen: readonly Reading[]): Utilisation[] {
  return watched.pools.flatMap(({ name, size }) => {
    const open = seen.flatMap(({ pools }) => pools.get(name) ?? []);
    if (open.length === 0) return [];
    const most = Math.max(...open);
    const detail = `${most} of ${size} connections were opened so far, each because all others were in use`;
    return [{ resource: name, kind: 'pool' as const, value: Math.min(1, most / size), detail }];
  });
}

function queueOf(ageMs: number | null): Utilisation[] {
  if (ageMs === null) return [];
  return [
    {
      resource: 'sync queue to the database',
      kind: 'queue',
      value: ageMs / queueAgeMsTooOld,
      detail: `the oldest save waited ${Math.round(ageMs)} ms`,
    },
  ];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
