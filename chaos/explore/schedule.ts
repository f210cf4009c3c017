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

/** `queue`: the first ones are preferred. */
export function placeInjections(
  queue: readonly Candidate[],
  { occasions }: Sites,
  limits: CandidateLimits,
  room: { readonly durationMs: number; readonly most: number },
): Batch {
  const waiting = new Set(queue);
  const placed: Placed[] = [];
  const latestMs = room.durationMs - calmMs.after;
  let freeMs = calmMs.before;
  /** `atMs`: when the call is expected; `withinMs`: how much later it may come. */
  const place = (candidate: Candidate, applyAtMs: number, atMs: number, withinMs: number): boolean => {
    const healAtMs = Math.round(atMs + withinMs + lastsMs(candidate, limits));
    if (healAtMs > latestMs) return false;
    waiting.delete(candidate);
    placed.push({ candidate, applyAtMs: Math.round(applyAtMs), healAtMs });
    freeMs = atMs + apartMs(candidate.happens, limits.startMs);
    return true;
  };
  for (const own of Map.groupBy(occasions, ({ operation }) => operation).values()) {
    if (placed.length >= room.most) break;
    const fromMs = own[0]?.fromMs ?? 0;
    // What a process does by itself needs no operation.
    if (fromMs >= freeMs) {
      const next = first(waiting);
      if (next?.site.operation === null && place(next, fromMs, fromMs, byItselfMs)) continue;
    }
    if (fromMs < freeMs) continue;
    const met = new Map(own.map((occasion) => [occasion.site, occasion]));
    for (const candidate of waiting) {
      const occasion = met.get(candidate.siteName);
      if (occasion === undefined) continue;
      if (place(candidate, fromMs, occasion.atMs, waitMs)) break;
    }
  }
  // Without any operation there are only processes by themselves.
  for (const candidate of waiting) {
    if (candidate.site.operation !== null || placed.length >= room.most) continue;
    const applyAtMs = Math.max(freeMs, calmMs.before);
    if (!place(candidate, applyAtMs, applyAtMs, byItselfMs)) break;
  }
  const lastMs = placed.reduce((last, { healAtMs }) => Math.max(last, healAtMs), 0);
  return { placed, durationMs: lastMs + calmMs.after };
}

function first<T>(values: Iterable<T>): T | undefined {
  for (const value of values) return value;
  return undefined;
}
