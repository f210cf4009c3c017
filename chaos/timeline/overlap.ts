/** Which faults may be in force at once. Pure. */
import type { Breakable, Fault } from '../faults/fault.ts';

type Footprint = Pick<Fault, 'breaks' | 'proofNeeds'>;

/**
 * Two faults would fight each other when one breaks what the other breaks too (one would heal what the other has just broken), or
 * what the other needs for its proof (nobody could say whether that one was felt).
 */
export function wouldFight(one: Footprint, other: Footprint): boolean {
  return disturbs(one, other) || disturbs(other, one);
}

function disturbs(breaker: Footprint, other: Footprint): boolean {
  const touched = new Set<Breakable>([...other.breaks, ...other.proofNeeds]);
  return breaker.breaks.some((part) => touched.has(part));
}
