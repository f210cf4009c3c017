/** I16: every request ends within its deadline, however broken the system is: an error in time, never a hang. */
import type { Operation } from '../history/operation.ts';
import { conclude, type Checker } from './checker.ts';

const identity = { invariant: 'I16', title: 'Every request ends within its deadline' };

export const deadlines: Checker = {
  ...identity,
  check: (history, evidence) => {
    const { requestDeadlineMs, deadlineToleranceMs } = evidence.limits;
    const allowedMs = requestDeadlineMs + deadlineToleranceMs;
    const late = history
      .filter((operation) => durationMs(operation) > allowedMs)
      .toSorted((left, right) => durationMs(right) - durationMs(left));
    const maxMs = history.reduce((most, operation) => Math.max(most, durationMs(operation)), 0);
    return conclude(identity, 'always', evidence, {
      findings: late.map((operation) => ({
        definite: true,
        witness: () => ({
          summary: `a ${operation.f} took ${Math.round(durationMs(operation))} ms; ${allowedMs} ms are allowed`,
          operations: [operation],
          facts: { durationMs: durationMs(operation), requestDeadlineMs, deadlineToleranceMs },
        }),
      })),
      checked: `${history.length} requests took at most ${Math.round(maxMs)} ms (${allowedMs} ms are allowed)`,
      missing: history.length === 0 ? 'no request was made' : null,
    });
  },
};

function durationMs(operation: Operation): number {
  return operation.endedMs - operation.startedMs;
}
