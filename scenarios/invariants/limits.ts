/** How stale a read may be: L1 keeps a value for its TTL, and an invalidation takes its time, on a busy machine a little longer. */
import type { Evidence } from '../../reports/record/evidence.ts';

/** A read crosses two processes, and either may be woken late. */
const wakesOfARead = 2;

/** Milliseconds. Throws when the evidence does not hold the limits of this target. */
export function staleForMs({
  limits,
  schedulingDelayMs = 0,
}: Pick<Evidence, 'limits' | 'schedulingDelayMs'>): number {
  const { l1TtlMs, invalidationMs } = limits;
  if (l1TtlMs === undefined || invalidationMs === undefined)
    throw new Error('the evidence does not hold the limits l1TtlMs and invalidationMs');
  return l1TtlMs + invalidationMs + wakesOfARead * schedulingDelayMs;
}
