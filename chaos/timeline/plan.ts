/** Draws a timeline from a seed: which fault, with which parameters, from when to when. Pure: the same seed, the same milliseconds. */
import type { PlannedFault } from '../../reports/record/report.ts';
import type { Fault } from '../faults/fault.ts';
import { seededRandom } from '../random.ts';

/** Shares of the load's duration: time before for a baseline, and after for the recovery to be seen. */
const applyShare = { earliest: 0.25, latest: 0.35 };
const lastingShare = { shortest: 0.25, longest: 0.35 };

/** `applyAtMs` and `healAtMs` count from the start of the load of `durationMs`. */
export function planTimeline(
  seed: string,
  scenario: string,
  fault: Fault,
  durationMs: number,
): readonly PlannedFault[] {
  const random = seededRandom(seed).fork(`timeline/${scenario}/${fault.name}`);
  const applyAtMs = random.integer(durationMs * applyShare.earliest, durationMs * applyShare.latest);
  const lastingMs = random.integer(durationMs * lastingShare.shortest, durationMs * lastingShare.longest);
  return [
    {
      fault: fault.name,
      applyAtMs: Math.round(applyAtMs),
      healAtMs: Math.round(applyAtMs + lastingMs),
      parameters: fault.draw(random),
    },
  ];
}
