/**
 * A lock is free again when its work is done, and not only once its time to live has passed: a lock that is left behind stops all other work until then. Judged by
 * what was seen of the keys that `locks` of the target names. While something is broken a holder may be stopped in its work, so that time is not counted.
 */
import type { Evidence, LockHolding } from '../record/evidence.ts';
import { type Finding, type Identity, type Rule, ruleOf } from './checker.ts';

export interface LockReleasedOptions extends Partial<Identity> {
  /** The longest time that the work under a lock needs while nothing is broken. */
  readonly heldAtMostMs: number;
  /** Keys that are judged, of those the target's `locks` names; all when absent. */
  readonly keys?: RegExp;
}

/** The keys are looked at from time to time only. */
const slackMs = 500;

export function lockReleased(options: LockReleasedOptions): Rule {
  const { invariant = 'lock-released', title = 'A lock is free once its work is done', keys } = options;
  return ruleOf({ invariant, title }, 'always', {}, (_history, evidence) => {
    const own = (evidence.locks ?? []).filter(({ key }) => keys === undefined || keys.test(key));
    const allowedMs = options.heldAtMostMs + slackMs;
    const longestMs = own.reduce((most, holding) => Math.max(most, undisturbedMs(holding, evidence)), 0);
    return {
      findings: own.flatMap((holding): Finding[] => {
        const heldMs = undisturbedMs(holding, evidence);
        if (heldMs <= allowedMs) return [];
        return [
          {
            definite: true,
            witness: () => ({
              summary: `${holding.key} was held by ${holding.token} for ${Math.round(heldMs)} ms in which nothing was broken; its work needs ${options.heldAtMostMs} ms at most`,
              operations: [],
              facts: { ...holding, heldMs, allowedMs },
            }),
          },
        ];
      }),
      checked: `${own.length} holdings of locks were seen, the longest for ${Math.round(longestMs)} ms while nothing was broken`,
      missing:
        evidence.locks === undefined
          ? 'no lock was watched: name their keys in locks of the target'
          : own.length === 0
            ? 'no lock was seen to be held'
            : null,
    };
  });
}

/** How long it was seen to be held outside of faults. */
function undisturbedMs({ firstSeenMs, lastSeenMs }: LockHolding, { faults }: Evidence): number {
  let heldMs = lastSeenMs - firstSeenMs;
  let coveredMs = firstSeenMs;
  for (const { appliedMs, healedMs } of faults.toSorted((left, right) => left.appliedMs - right.appliedMs)) {
    const fromMs = Math.max(appliedMs, coveredMs);
    const toMs = Math.min(healedMs, lastSeenMs);
    if (toMs <= fromMs) continue;
    heldMs -= toMs - fromMs;
    coveredMs = toMs;
  }
  return Math.max(0, heldMs);
}
