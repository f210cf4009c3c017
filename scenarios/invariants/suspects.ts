/** Which operations a witness shows when many may have to do with what is wrong. */
import type { Operation } from '../../reports/history/operation.ts';

/** A few, in the order in which they began; those of unknown end before others, for they are the suspects. */
export function suspectsOf(operations: readonly Operation[], shownMax = 6): Operation[] {
  return operations
    .toSorted((left, right) => Number(left.type !== 'info') - Number(right.type !== 'info'))
    .slice(0, shownMax)
    .toSorted((left, right) => left.startedMs - right.startedMs);
}
