/** I16: every request ends within its deadline, however broken the system is: an error in time, never a hang. */
import { attemptsOf } from '../history/fields.ts';
import type { Operation } from '../history/operation.ts';
import { conclude, type Checker } from './checker.ts';

const identity = { invariant: 'I16', title: 'Every request ends within its deadline' };

export const deadlines: Checker = {
  ...identity,
  check: (history, evidence) => {
    const { requestDeadlineMs, deadlineToleranceMs } = evidence.limits;
    const allowedMs = requestDeadlineMs + deadlineToleranceMs;
    const late = history
      .filter((operation) => requestMs(operation) > allowedMs)
      .toSorted((left, right) => requestMs(right) - requestMs(left));
    const maxMs = history.reduce((most, operation) => Math.max(most, requestMs(operation)), 0);
    return conclude(identity, 'always', evidence, {
      findings: late.map((operation) => ({
        definite: true,
        witness: () => ({
          summary: `a ${operation.f} took ${Math.round(requestMs(operation))} ms${inWords(operation)}; ${allowedMs} ms are allowed`,
          operations: [operation],
          facts: { requestMs: requestMs(operation), requestDeadlineMs, deadlineToleranceMs },
        }),
      })),
      checked: `${history.length} operations took at most ${Math.round(maxMs)} ms a request (${allowedMs} ms are allowed)`,
      missing: history.length === 0 ? 'no request was made' : null,
    });
  },
};

/** Milliseconds of one request. An operation sent several times is late for certain only when its mean is. */
function requestMs(operation: Operation): number {
  return (operation.endedMs - operation.startedMs) / attemptsOf(operation);
}

function inWords(operation: Operation): string {
  return attemptsOf(operation) === 1 ? '' : ` in the mean of ${attemptsOf(operation)} attempts`;
}
