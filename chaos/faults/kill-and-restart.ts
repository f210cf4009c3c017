/** SIGKILL to a store of the stack, and its start again on the same port. */
import type { FaultContext, StoreName } from '../api/fault.ts';

/** Resolves when the store answers again. It is started again also when the wait in between is interrupted. */
export async function killAndRestart(
  { stack, clock, signal }: FaultContext,
  store: StoreName,
  options: { readonly downMs: number; readonly empty: boolean },
): Promise<void> {
  await stack.kill(store);
  try {
    await clock.sleep(options.downMs, signal);
  } finally {
    await stack.restart(store, { empty: options.empty });
  }
}
