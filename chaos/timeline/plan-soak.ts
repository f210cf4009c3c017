/**
 * Draws a long timeline of several faults, which overlap where they do not fight each other. Pure: the same seed, the same
 * milliseconds.
 */
import type { PlannedFault } from '../../reports/record/report.ts';
import type { Fault } from '../faults/fault.ts';
import { seededRandom } from '../random.ts';
import { wouldFight } from './overlap.ts';

/** Faults come one after the other in each of so many lanes; those of different lanes overlap. */
const laneCount = 3;
/** Milliseconds without faults: at the start for a baseline, at the end for the recovery to be seen. */
const calmMs = { atStart: 3_000, atEnd: 4_000 };
/** Between two faults of a lane. */
const gapMs = { shortest: 300, longest: 3_000 };
const lastingMs = { shortest: 1_500, longest: 6_000 };
/** Between two faults that would fight: the effect of one must not be taken for that of the other. */
const settleMs = 2_000;
/** The shortest load that is sure to meet a fault. */
export const soakMinimumMs = calmMs.atStart + gapMs.longest + lastingMs.longest + calmMs.atEnd;

interface Placed {
  readonly fault: Fault;
  readonly planned: PlannedFault;
}

/**
 * In the order of their beginning; all are healed before the load ends. Each is drawn from all faults alike and then waits for its
 * time, for one that needs quiet would hardly ever find it by chance.
 */
export function planSoak(seed: string, durationMs: number, faults: readonly Fault[]): PlannedFault[] {
  if (faults.length === 0) return [];
  const random = seededRandom(seed).fork('soak');
  const lastHealMs = durationMs - calmMs.atEnd;
  const placed: Placed[] = [];
  const lanes = Array.from({ length: laneCount }, () => calmMs.atStart + random.integer(0, gapMs.longest));
  for (;;) {
    const freeAtMs = Math.min(...lanes);
    if (freeAtMs > lastHealMs) break;
    const fault = random.pick(faults);
    const forMs = random.integer(lastingMs.shortest, lastingMs.longest);
    const parameters = fault.draw(random);
    const applyAtMs = earliestStart(fault, freeAtMs, forMs, placed);
    const healAtMs = applyAtMs + forMs;
    // One that comes too late leaves its lane to another.
    const fits = healAtMs <= lastHealMs;
    if (fits) placed.push({ fault, planned: { fault: fault.name, applyAtMs, healAtMs, parameters } });
    const endMs = fits ? healAtMs : freeAtMs;
    lanes[lanes.indexOf(freeAtMs)] = endMs + random.integer(gapMs.shortest, gapMs.longest);
  }
  return placed.map(({ planned }) => planned).toSorted((one, other) => one.applyAtMs - other.applyAtMs);
}

/** The first moment from `fromMs` on at which it can last `forMs` without meeting one that it would fight. */
function earliestStart(fault: Fault, fromMs: number, forMs: number, placed: readonly Placed[]): number {
  const inTheWay = placed
    .filter((other) => wouldFight(fault, other.fault))
    .map(({ planned }) => ({
      fromMs: planned.applyAtMs - settleMs,
      untilMs: planned.healAtMs + settleMs,
    }))
    .toSorted((one, other) => one.untilMs - other.untilMs);
  let startMs = fromMs;
  for (const taken of inTheWay) {
    if (startMs < taken.untilMs && taken.fromMs < startMs + forMs) startMs = taken.untilMs;
  }
  return startMs;
}
