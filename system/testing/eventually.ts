/** Waits for what must come true; the time limit guards against a hang and is no claim about speed. */
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
