/** Waits for a condition; the time limit guards against a hang and is not a claim about speed. */
import { setTimeout as sleep } from 'node:timers/promises';

const usualGuardMs = 45_000;

export async function eventually(
  what: string,
  isTrue: () => Promise<boolean> | boolean,
  guardMs: number = usualGuardMs,
): Promise<void> {
  const guard = AbortSignal.timeout(guardMs);
  while (!(await isTrue())) {
    if (guard.aborted) throw new Error(`${what}: did not come true in ${guardMs} ms`);
    await sleep(20);
  }
}
