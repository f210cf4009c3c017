/** Which operations a witness shows when many may have to do with what is wrong. */
import type { Operation } from '../../reports/history/operation.ts';

const operationsShownMax = 6;

/** A few, in the order in which they began; those of unknown end before others, for they are the suspects. */
export function suspectsOf(operations: readonly Operation[]): Operation[] {
  return operations
    .toSorted((left, right) => Number(left.type !== 'info') - Number(right.type !== 'info'))
    .slice(0, operationsShownMax)
    .toSorted((left, right) => left.startedMs - right.startedMs);
}
