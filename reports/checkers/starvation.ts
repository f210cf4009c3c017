/**
 * What a request lost because the machine had no processor for it. It crosses the client and one serving process, whose timer ends it whatever
 * its other parts do: those two alone can be late, and only what they did with a processor counts against the target.
 */
import { attemptsOf } from '../history/fields.ts';
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';
import type { Cell } from '../record/report.ts';
import { singledOut } from './singled-out.ts';

const prefix = 'the machine was starved: ';

/** The reason of a verdict that could not be reached for want of processor time. */
export function starved(why: string): string {
  return `${prefix}${why}`;
}

/** Whether a verdict is undecided for want of processor time: then the same cell may be decided where there is more of it. */
export function isStarved({
  verdict,
  reason,
}: {
  readonly verdict: string;
  readonly reason?: string | undefined;
}): boolean {
  return verdict === 'unknown' && reason?.startsWith(prefix) === true;
}

/** Whether a cell is undecided, and at least in part for want of processor time. */
export function isUndecidedForWantOfProcessor(
  cell: Pick<Cell, 'harnessError' | 'thresholds' | 'verdicts'>,
): boolean {
  const all = [...cell.verdicts, ...cell.thresholds];
  if (cell.harnessError !== null || all.some(({ verdict }) => verdict === 'false')) return false;
  return all.some(isStarved);
}

const clientName = 'k6';
/** Less is within the error of the operating system's own counting. */
const idleMinMs = 10;

type Wait = NonNullable<Evidence['processorWaits']>[number];

/**
 * Milliseconds that the client and one serving process waited for a processor meanwhile; 0 where nothing was measured. Of the serving
 * processes the one that waited longest, for one alone served the request.
 */
export function starvedMs(evidence: Evidence, startedMs: number, endedMs: number): number {
  const waited = waitsWithin(evidence, startedMs, endedMs);
  return (waited.get(clientName) ?? 0) + servingWaitMs(waited);
}

/** The same where no client of the load takes part. */
export function starvedServingMs(evidence: Evidence, startedMs: number, endedMs: number): number {
  return servingWaitMs(waitsWithin(evidence, startedMs, endedMs));
}

/** How long the target was watched after the load, and how much of it one serving process waited for a processor; milliseconds. */
export function watchedAfterLoad(evidence: Evidence): {
  readonly watchedMs: number;
  readonly waitedMs: number;
} {
  const { loadEndMs, processorWaits } = evidence;
  const untilMs = processorWaits?.at(-1)?.toMs ?? loadEndMs;
  return { watchedMs: untilMs - loadEndMs, waitedMs: starvedServingMs(evidence, loadEndMs, untilMs) };
}

function waitsWithin(evidence: Evidence, startedMs: number, endedMs: number): ReadonlyMap<string, number> {
  const waited = new Map<string, number>();
  for (const { fromMs, toMs, waitedMs } of evidence.processorWaits ?? []) {
    if (toMs < startedMs || fromMs > endedMs) continue;
    for (const [name, ms] of Object.entries(waitedMs)) waited.set(name, (waited.get(name) ?? 0) + ms);
  }
  return waited;
}

function servingWaitMs(waited: ReadonlyMap<string, number>): number {
  return Math.max(0, ...[...waited].filter(([name]) => name !== clientName).map(([, ms]) => ms));
}

/** What the machine may be blamed for, and not the target. */
export interface MachineExcuses {
  /** Whether an operation that was not served was given up for lack of time, of which the machine took the larger part. */
  mayBeUnserved(operation: Operation): boolean;
  /** Whether the target alone kept it from being served: others like it were served meanwhile. */
  isSingledOut(operation: Operation): boolean;
}

/** What was not served and singled out from what was served at the same time is not excused. */
export function machineExcuses(history: readonly Operation[], evidence: Evidence): MachineExcuses {
  const isSingledOut = singledOut(history, evidence);
  return {
    isSingledOut,
    mayBeUnserved: (operation) => mayBeUnservedForIt(evidence, operation) && !isSingledOut(operation),
  };
}

/**
 * Whether the machine may be why requests made one after the other took longer than `allowedMs` each. It is not when they would have been late
 * without all the waiting of their client and server, nor when both had been without work since the last should have ended. Where nothing was
 * measured the tolerance must do.
 */
export function mayBeLateForIt(
  evidence: Evidence,
  { startedMs, endedMs }: Pick<Operation, 'endedMs' | 'startedMs'>,
  requests: number,
  allowedMs: number,
): boolean {
  if (evidence.processorWaits === undefined) return false;
  const withoutWaitingMs = endedMs - startedMs - starvedMs(evidence, startedMs, endedMs);
  if (withoutWaitingMs / requests > allowedMs) return false;
  let overMs: number | null = startedMs;
  for (let request = 0; request < requests && overMs !== null; request += 1) {
    overMs = certainlyOverMs(evidence, overMs);
  }
  return overMs === null || overMs >= endedMs;
}

/** Whether an operation that was not served was given up for lack of time, of which the machine took the larger part. */
function mayBeUnservedForIt(evidence: Evidence, operation: Operation): boolean {
  const { startedMs, endedMs } = operation;
  const tookMs = endedMs - startedMs;
  if (tookMs / attemptsOf(operation) < evidence.limits.requestDeadlineMs / 2) return false;
  return starvedMs(evidence, startedMs, endedMs) >= tookMs / 2;
}

/**
 * When a request that started then must have been over, by what was seen of its client and its server: both have nothing left to do once, so it has
 * been sent and taken in; its time passes; and both have nothing left to do once more, so its end has been sent and taken in. Null when
 * that was not seen, and so when nothing was measured. It holds whichever process served it.
 */
function certainlyOverMs(evidence: Evidence, startedMs: number): number | null {
  const waits = evidence.processorWaits ?? [];
  const servers = new Set(
    waits.flatMap(({ idleMs }) => Object.keys(idleMs)).filter((name) => name !== clientName),
  );
  const sentMs = idleAfter(waits, clientName, startedMs);
  if (sentMs === null || servers.size === 0) return null;
  let latestMs = 0;
  for (const server of servers) {
    const takenInMs = idleAfter(waits, server, sentMs);
    if (takenInMs === null) return null;
    const endedMs = idleAfter(waits, server, takenInMs + evidence.limits.requestDeadlineMs);
    const overMs = endedMs === null ? null : idleAfter(waits, clientName, endedMs);
    if (overMs === null) return null;
    latestMs = Math.max(latestMs, overMs);
  }
  return latestMs;
}

/** By when the process was idle for a while, at that moment or later. */
function idleAfter(waits: readonly Wait[], name: string, atMs: number): number | null {
  const wait = waits.find(({ fromMs, idleMs }) => fromMs >= atMs && (idleMs[name] ?? 0) >= idleMinMs);
  return wait?.toMs ?? null;
}
