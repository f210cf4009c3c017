/** Places many injections in one load, each at an operation that makes its call and apart from the others, so that each can be told from the rest. */
import type { CallFaultKind } from '../faults/at-call/call-parameters.ts';
import type { Candidate, CandidateLimits } from './candidates.ts';
import type { Sites } from './sites.ts';

/** Times count from the start of the load. */
export interface Placed {
  readonly candidate: Candidate;
  readonly applyAtMs: number;
  readonly healAtMs: number;
}

export interface Batch {
  readonly placed: readonly Placed[];
  readonly durationMs: number;
}

/** Time before the first injection and after the last, for a target that is well and becomes well again. */
const calmMs = { before: 800, after: 1_500 };
/** A process by itself may act as seldom as this. */
const byItselfMs = 2_500;
/** An injection that waits for its call no longer than this does not meet the next operations. */
const waitMs = 250;

/** Until the next injection: those that only one operation notices follow each other quickly. */
function apartMs(happens: CallFaultKind, startMs: number): number {
  switch (happens) {
    case 'kill-after':
    case 'kill-before':
      return startMs;
    case 'pause':
      return 600;
    case 'late-command':
    case 'late-reply':
      return 400;
    default:
      return 120;
  }
}

function lastsMs({ happens }: Candidate, { lateMs, pauseMs, startMs }: CandidateLimits): number {
  switch (happens) {
    case 'kill-after':
    case 'kill-before':
      return startMs;
    case 'pause':
      return pauseMs;
    case 'late-command':
    case 'late-reply':
      return lateMs;
    default:
      return 0;
  }
}

/** One in so many is one that takes long, so that each load has some of them and most of it is for the quick ones. */
const longEvery = 4;

/**
 * `queue`: the first ones are preferred. What a process does by itself is broken beside the operations, in a track of its own.
 */
export function placeInjections(
  queue: readonly Candidate[],
  { occasions }: Sites,
  limits: CandidateLimits,
  room: { readonly durationMs: number; readonly most: number },
): Batch {
  const latestMs = room.durationMs - calmMs.after;
  const placed: Placed[] = [];
  /** `withinMs`: how much later than expected the call may come. */
  const place = (candidate: Candidate, applyAtMs: number, atMs: number, withinMs: number): boolean => {
    const healAtMs = Math.round(atMs + withinMs + lastsMs(candidate, limits));
    if (healAtMs > latestMs || placed.length >= room.most) return false;
    placed.push({ candidate, applyAtMs: Math.round(applyAtMs), healAtMs });
    return true;
  };
  const waiting = new Set(queue.filter(({ site }) => site.operation !== null));
  let freeMs = calmMs.before;
  let quick = 0;
  for (const own of Map.groupBy(occasions, ({ operation }) => operation).values()) {
    const fromMs = own[0]?.fromMs ?? 0;
    if (fromMs < freeMs) continue;
    const met = new Map(own.map((occasion) => [occasion.site, occasion]));
    const possible = [...waiting].filter(({ siteName }) => met.has(siteName));
    const long = quick >= longEvery ? possible.find(isLong) : undefined;
    const chosen = long ?? possible.find((candidate) => !isLong(candidate)) ?? possible[0];
    const occasion = chosen === undefined ? undefined : met.get(chosen.siteName);
    if (chosen === undefined || occasion === undefined) continue;
    if (!place(chosen, fromMs, occasion.atMs, waitMs)) continue;
    waiting.delete(chosen);
    freeMs = occasion.atMs + apartMs(chosen.happens, limits.startMs);
    quick = isLong(chosen) ? 0 : quick + 1;
  }
  let byItselfFreeMs = calmMs.before;
  for (const candidate of queue.filter(({ site }) => site.operation === null)) {
    if (!place(candidate, byItselfFreeMs, byItselfFreeMs, byItselfMs)) continue;
    byItselfFreeMs += apartMs(candidate.happens, limits.startMs);
  }
  const lastMs = placed.reduce((last, { healAtMs }) => Math.max(last, healAtMs), 0);
  return {
    placed: placed.toSorted((one, other) => one.applyAtMs - other.applyAtMs),
    durationMs: lastMs + calmMs.after,
  };
}

function isLong({ happens }: Candidate): boolean {
  return happens === 'kill-after' || happens === 'kill-before' || happens === 'pause';
}

/** The same injection at many operations that make its call: for a violation that does not come each time. */
export function repeatInjection(
  candidate: Candidate,
  sites: Sites,
  limits: CandidateLimits,
  room: { readonly durationMs: number; readonly most: number },
): Batch {
  const copies = Array.from({ length: room.most }, () => ({ ...candidate }));
  return placeInjections(copies, sites, limits, room);
}

/** Length of a load with only `placed`: as short as it may be, but the operations that witness the violation are in it. */
export function narrowedDurationMs(
  placed: readonly Placed[],
  witnessedUntilMs: number | null,
  { durationMs }: Pick<Batch, 'durationMs'>,
): number {
  if (witnessedUntilMs === null) return durationMs;
  const lastMs = placed.reduce((last, { healAtMs }) => Math.max(last, healAtMs), witnessedUntilMs);
  return Math.min(durationMs, lastMs + calmMs.after);
}
