/**
 * Every request ends within its deadline, however broken the target is: an error in time, never a hang. A request that was late while the machine
 * had no processor for the server or its client accuses nothing, and proves nothing either. A serving process that the harness paused cannot end
 * a request: the time of the pause is not the target's.
 */
import { attemptsOf } from '../history/fields.ts';
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';
import { type Identity, type Rule, ruleOf } from './checker.ts';
import { mayBeLateForIt, starved, starvedMs } from './starvation.ts';

export function deadline(identity: Partial<Identity> = {}): Rule {
  const { invariant = 'deadline', title = 'Every request ends within its deadline' } = identity;
  return ruleOf({ invariant, title }, 'always', {}, (history, evidence) => {
    const { requestDeadlineMs, deadlineToleranceMs } = evidence.limits;
    const allowedMs = requestDeadlineMs + deadlineToleranceMs;
    const late = history
      .filter(
        (operation) =>
          requestMs(operation) > allowedMs + pausedMs(operation, evidence) / attemptsOf(operation),
      )
      .toSorted((left, right) => requestMs(right) - requestMs(left));
    const accused = late.filter(
      (operation) => !mayBeLateForIt(evidence, operation, attemptsOf(operation), allowedMs),
    );
    const maxMs = history.reduce((most, operation) => Math.max(most, requestMs(operation)), 0);
    return {
      findings: accused.map((operation) => ({
        definite: true,
        witness: () => ({
          summary: `a ${operation.f} took ${Math.round(requestMs(operation))} ms${inWords(operation)}; ${allowedMs} ms are allowed`,
          operations: [operation],
          facts: {
            requestMs: requestMs(operation),
            requestDeadlineMs,
            deadlineToleranceMs,
            waitedForProcessorMs: starvedMs(evidence, operation.startedMs, operation.endedMs),
          },
        }),
      })),
      checked: `${history.length} operations took at most ${Math.round(maxMs)} ms a request (${allowedMs} ms are allowed)`,
      missing: history.length === 0 ? 'no request was made' : starvation(late, evidence, allowedMs),
    };
  });
}

/** Milliseconds of one request. An operation sent several times is late for certain only when its mean is. */
function requestMs(operation: Operation): number {
  return (operation.endedMs - operation.startedMs) / attemptsOf(operation);
}

/** How long a serving process was paused meanwhile, at most: it is not known which one a request was sent to. */
function pausedMs({ startedMs, endedMs }: Operation, { faults }: Evidence): number {
  return faults.reduce((sum, { appliedMs, healedMs, effect }) => {
    const { serving, pausedMs: forMs = 0 } = effect.measures;
    if (serving !== 1) return sum;
    const overlapMs = Math.min(endedMs, healedMs) - Math.max(startedMs, appliedMs);
    return sum + Math.max(0, Math.min(overlapMs, forMs));
  }, 0);
}

function starvation(
  [longest, ...others]: readonly Operation[],
  evidence: Evidence,
  allowedMs: number,
): string | null {
  if (longest === undefined) return null;
  const waitedMs = Math.round(starvedMs(evidence, longest.startedMs, longest.endedMs));
  return starved(
    `${others.length + 1} requests took longer than the ${allowedMs} ms allowed, such as a ${longest.f} that took ${Math.round(requestMs(longest))} ms, and until its end the client or the API had never been without work (they waited ${waitedMs} ms for a processor)`,
  );
}

function inWords(operation: Operation): string {
  return attemptsOf(operation) === 1 ? '' : ` in the mean of ${attemptsOf(operation)} attempts`;
}
