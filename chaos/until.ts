/** Polls a condition until it is true. */
import type { Clock } from './clock.ts';

export interface Patience {
  readonly clock: Clock;
  readonly limitMs: number;
  /** Between two questions. */
  readonly pollMs: number;
  /** Gives up at once, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** False when it did not come true in time. Rejects as `condition` does. */
export async function until(
  condition: () => Promise<boolean>,
  { clock, limitMs, pollMs, signal }: Patience,
): Promise<boolean> {
  const deadlineMs = clock.monotonicMs() + limitMs;
  while (clock.monotonicMs() < deadlineMs) {
    if (await condition()) return true;
    signal?.throwIfAborted();
    await clock.sleep(pollMs, signal);
  }
  return false;
}
