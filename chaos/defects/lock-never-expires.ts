/** Stands in for `system/lock/acquire.ts`: a lock that is had is held until its holder gives it back, and for ever if he does not. */
import * as right from '../../system/lock/acquire.ts';
import type { AcquireOptions, HeldLock, LockParts } from '../../system/lock/acquire.ts';

export type { AcquireOptions, HeldLock, LockContext, LockParts } from '../../system/lock/acquire.ts';

export async function acquireDistributedLock(
  parts: LockParts,
  key: string,
  options: AcquireOptions,
): Promise<HeldLock | false> {
  const held = await right.acquireDistributedLock(parts, key, options);
  if (held !== false) await parts.client.persist(key).catch(() => undefined);
  return held;
}
