/** What the invariants of a target are judged by: its own limits, and usual ones where it names none. */
import type { Limits } from '../../reports/record/report.ts';
import type { Target } from '../api/define.ts';

const usual = {
  requestDeadlineMs: 5_000,
  // A client on the same processors as the target is scheduled late: half a second is far above what was measured undisturbed.
  deadlineToleranceMs: 500,
  recoveryMs: 15_000,
};

export function limitsOf({ limits = {} }: Pick<Target, 'limits'>): Limits {
  const own = Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return { ...usual, ...Object.fromEntries(own) };
}
