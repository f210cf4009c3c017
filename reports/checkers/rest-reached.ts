/**
 * The target finishes its work once nothing is broken and no load comes: it is healthy, and its queue drains. A target that says how much is
 * left (`atRest`, `quiesce`) and does not get there in time has failed, unless the machine gave its processes no time.
 */
import { type Identity, type Rule, ruleOf } from './checker.ts';
import { starved, watchedAfterLoad } from './starvation.ts';

export function restReached(identity: Partial<Identity> = {}): Rule {
  const { invariant = 'rest-reached', title = 'All work is finished once the load has ended' } = identity;
  return ruleOf({ invariant, title }, 'always', {}, (_history, evidence) => {
    const { quiescedMs, quiesceReason, queueLength } = evidence;
    const left = typeof queueLength === 'number' ? queueLength : 0;
    if (quiescedMs !== null && left === 0)
      return { findings: [], checked: `at rest: ${quiesceReason}`, missing: null };
    const what =
      quiescedMs === null ? quiesceReason : `the queue still held ${left} entries at the final reads`;
    const { watchedMs, waitedMs } = watchedAfterLoad(evidence);
    if (watchedMs > 0 && waitedMs > watchedMs / 2)
      return {
        findings: [],
        checked: '',
        missing: starved(
          `the target did not reach rest, and waited ${Math.round(waitedMs)} ms of ${Math.round(watchedMs)} ms for a processor`,
        ),
      };
    return {
      findings: [
        {
          definite: true,
          witness: () => ({
            summary: `the target did not reach rest after the load: ${what}`,
            operations: [],
            facts: { watchedMs: Math.round(watchedMs), queueLength: queueLength ?? null },
          }),
        },
      ],
      checked: '',
      missing: null,
    };
  });
}
