/**
 * I16: every request ends within its deadline, however broken the system is: an error in time, never a hang. A request that came late
 * while the machine had no processor for the API or its client accuses nobody, and proves nothing either.
 */
import { attemptsOf } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { conclude, type Checker } from '../../reports/checkers/checker.ts';
import { mayBeLateForIt, starved, starvedMs } from '../../reports/checkers/starvation.ts';

const identity = { invariant: 'I16', title: 'Every request ends within its deadline' };

export const deadlines: Checker = {
  ...identity,
  check: (history, evidence) => {
    const { requestDeadlineMs, deadlineToleranceMs } = evidence.limits;
    const allowedMs = requestDeadlineMs + deadlineToleranceMs;
    const late = history
      .filter((operation) => requestMs(operation) > allowedMs)
      .toSorted((left, right) => requestMs(right) - requestMs(left));
    const accused = late.filter(
      (operation) => !mayBeLateForIt(evidence, operation, attemptsOf(operation), allowedMs),
    );
    const maxMs = history.reduce((most, operation) => Math.max(most, requestMs(operation)), 0);
    return conclude(identity, 'always', evidence, {
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
    });
  },
};

/** Milliseconds of one request. An operation sent several times is late for certain only when its mean is. */
function requestMs(operation: Operation): number {
  return (operation.endedMs - operation.startedMs) / attemptsOf(operation);
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
