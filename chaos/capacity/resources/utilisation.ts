/** From samples to how busy everything was in a window. Pure. */
import type { Utilisation } from '../../../reports/capacity/bottleneck.ts';
import type { Reading, Watched, WatchedBacklog } from './watch.ts';

export interface WindowUsage {
  readonly utilisations: readonly Utilisation[];
  /** Processor seconds a second by role: `api` for `api-1` and `api-2` together. */
  readonly busy: Readonly<Record<string, number>>;
  /** Share of the machine's processors that neither the target nor the harness used. */
  readonly othersShare: number | null;
  readonly backlogLengthMax: number | null;
  readonly backlogAgeMsMax: number | null;
}

export interface HarnessUsage {
  /** Processors of this machine. */
  readonly processors: number;
  /** Processor seconds a second of the harness itself, the load generator included. */
  readonly harnessShare: number;
}

/** From the readings nearest to the window; empty with fewer than two. */
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
    return { utilisations: [], busy: {}, othersShare: null, backlogLengthMax: null, backlogAgeMsMax: null };
  const seconds = (last.atMs - first.atMs) / 1_000;
  const { busy, loops } = processUsage(watched, first, last);
  const seen = within.length === 0 ? [first, last] : within;
  const lengths = seen.flatMap(({ backlog }) => backlog?.length ?? []);
  const ages = seen.flatMap(({ backlog }) => backlog?.oldestAgeMs ?? []);
  const backlogAgeMsMax = ages.length === 0 ? null : Math.max(...ages);
  const machine = machineUsage(first, last, seconds, processors);
  const ours = Object.values(busy).reduce((sum, share) => sum + share, harnessShare);
  return {
    utilisations: [
      ...loops,
      ...poolsOf(watched, seen),
      ...backlogOf(watched.backlog, backlogAgeMsMax),
      ...machine.utilisations,
    ],
    busy,
    othersShare: machine.busy === null ? null : Math.max(0, machine.busy - ours / processors),
    backlogLengthMax: lengths.length === 0 ? null : Math.max(...lengths),
    backlogAgeMsMax,
  };
}

function processUsage({ processes }: Watched, first: Reading, last: Reading) {
  const seconds = (last.atMs - first.atMs) / 1_000;
  const busy: Record<string, number> = {};
  const loops = new Map<string, Utilisation>();
  for (const { name, role, pid, singleThreaded } of processes) {
    const [before, after] = [first.processes.get(pid), last.processes.get(pid)];
    if (before === undefined || after === undefined) continue;
    busy[role] = (busy[role] ?? 0) + (after.cpuSeconds - before.cpuSeconds) / seconds;
    if (!singleThreaded) continue;
    const ran = (after.loopSeconds - before.loopSeconds) / seconds;
    const waited = (after.waitedSeconds - before.waitedSeconds) / seconds;
    const value = Math.min(1, ran + waited);
    // Of a program and its children the busiest loop is the one that serves.
    if (value < (loops.get(name)?.value ?? 0)) continue;
    const detail = `${percent(ran)} running, ${percent(waited)} waiting for a processor`;
    loops.set(name, { resource: `event loop of ${name}`, kind: 'event-loop', value, detail });
  }
  return { busy, loops: [...loops.values()] };
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

function backlogOf(backlog: WatchedBacklog | null, ageMs: number | null): Utilisation[] {
  if (backlog === null || ageMs === null) return [];
  return [
    {
      resource: `backlog of ${backlog.title}`,
      kind: 'queue',
      value: ageMs / backlog.tooOldMs,
      detail: `the oldest entry waited ${Math.round(ageMs)} ms`,
    },
  ];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
