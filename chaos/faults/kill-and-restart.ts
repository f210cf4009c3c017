/** SIGKILL to a server of the stack, and its start again on the same port. */
import type { FaultContext } from './fault.ts';
import type { NetworkedPart } from './part-traffic.ts';

/** Resolves when the server answers again. It is started again also when the wait in between is interrupted. */
export async function killAndRestart(
  { stack, clock, signal }: FaultContext,
  part: NetworkedPart,
  options: { readonly downMs: number; readonly empty: boolean },
): Promise<void> {
  await stack.kill(part);
  try {
    await clock.sleep(options.downMs, signal);
  } finally {
    await stack.restart(part, { empty: options.empty });
  }
}
