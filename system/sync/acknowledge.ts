/** When a save counts as done: the promise of the whole layer hangs on this one rule. */
import type { Verdict } from './verdict.ts';

/**
 * The verdict on which a save is answered, or undefined when it has to be written directly. `confirmed`: what MongoDB answered
 * to db-sync, undefined when nothing is known in time. Being in the queue is no answer.
 */
export function acknowledge(confirmed: Verdict | undefined): Verdict | undefined {
  // A document that MongoDB refused is tried once more directly, so that the caller gets MongoDB's own error.
  return confirmed === 'failed' ? undefined : confirmed;
}
