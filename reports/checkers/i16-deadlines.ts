/**
 * I16: every request ends within its deadline, however broken the system is: an error in time, never a hang. A request that came late
 * because the machine had no processor for the API or its client accuses nobody, and proves nothing either.
 */
import { attemptsOf } from '../history/fields.ts';
import type { Operation } from '../history/operation.ts';
import { conclude, type Checker } from './checker.ts';
import { starvedMs } from './starvation.ts';

const identity = { invariant: 'I16', title: 'Every request ends within its deadline' };

interface Late {
  readonly operation: Operation;
  /** Of one request, as the client saw it, and what of that the machine may have caused. */
  readonly requestMs: number;
  readonly starvedMs: number;
}

export const deadlines: Checker = {
  ...identity,
  check: (history, evidence) => {
    const { requestDeadlineMs, deadlineToleranceMs } = evidence.limits;
    const allowedMs = requestDeadlineMs + deadlineToleranceMs;
    const late = history
      .filter((operation) => requestMs(operation) > allowedMs)
      .map((operation): Late => {
        const starved = starvedMs(evidence, operation.startedMs, operation.endedMs) / attemptsOf(operation);
        return { operation, requestMs: requestMs(operation), starvedMs: starved };
      })
      .toSorted((left, right) => ownMs(right) - ownMs(left));
    const accused = late.filter((one) => ownMs(one) > allowedMs);
    const maxMs = history.reduce((most, operation) => Math.max(most, requestMs(operation)), 0);
    return conclude(identity, 'always', evidence, {
      findings: accused.map((one) => ({
        definite: true,
        witness: () => ({
          summary: `a ${one.operation.f} took ${Math.round(one.requestMs)} ms${inWords(one.operation)}; ${allowedMs} ms are allowed`,
          operations: [one.operation],
          facts: {
            requestMs: one.requestMs,
            requestDeadlineMs,
            deadlineToleranceMs,
            waitedForProcessorMs: one.starvedMs,
          },
        }),
      })),
      checked: `${history.length} operations took at most ${Math.round(maxMs)} ms a request (${allowedMs} ms are allowed)`,
      missing: history.length === 0 ? 'no request was made' : starvation(late, allowedMs),
    });
  },
};

/** Milliseconds of one request. An operation sent several times is late for certain only when its mean is. */
function requestMs(operation: Operation): number {
  return (operation.endedMs - operation.startedMs) / attemptsOf(operation);
}

/** What it took at least where nobody waits for a processor. */
function ownMs(late: Late): number {
  return late.requestMs - late.starvedMs;
}

function starvation(late: readonly Late[], allowedMs: number): string | null {
  const longest = late.toSorted((left, right) => right.requestMs - left.requestMs)[0];
  if (longest === undefined) return null;
  const { operation, requestMs: tookMs, starvedMs: waitedMs } = longest;
  return `the machine was starved: ${late.length} requests took longer than the ${allowedMs} ms allowed, such as a ${operation.f} that took ${Math.round(tookMs)} ms while the client and the API waited ${Math.round(waitedMs)} ms for a processor`;
}

function inWords(operation: Operation): string {
  return attemptsOf(operation) === 1 ? '' : ` in the mean of ${attemptsOf(operation)} attempts`;
}
