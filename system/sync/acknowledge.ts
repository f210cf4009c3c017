/** When a save counts as done: the promise of the whole layer hangs on this one rule. */
import type { Verdict } from './verdict.ts';

/** `confirmed`: what MongoDB answered to db-sync, undefined when nothing is known. Being in the queue is no answer. */
export function isSettled(confirmed: Verdict | undefined): confirmed is Verdict {
  // A document the database refused is tried once more directly, so that the caller gets the database's own error.
  return confirmed !== undefined && confirmed !== 'failed';
}
