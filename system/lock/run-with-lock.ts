/** Acquire, run, release, whatever happens in between. */
import { SystemError } from '../errors.ts';
import { type AcquireOptions, acquireDistributedLock, type HeldLock, type LockParts } from './acquire.ts';
import { releaseDistributedLock } from './release.ts';

export interface RunWithLockOptions extends AcquireOptions {
  /** Throws `lock_not_acquired` when the lock is not had; otherwise the task is skipped. */
  readonly throwOnFail: boolean;
}

export type LockedRun<T> = { readonly kind: 'ran'; readonly value: T } | { readonly kind: 'skipped' };

export async function runWithDistributedLock<T>(
  parts: LockParts,
  key: string,
  task: (lock: HeldLock) => Promise<T>,
  options: RunWithLockOptions,
): Promise<LockedRun<T>> {
  const lock = await acquireDistributedLock(parts, key, options);
  if (lock === false) {
    if (options.throwOnFail) throw new SystemError('lock_not_acquired', `${key} is held by another process`);
    return { kind: 'skipped' };
  }
  try {
    return { kind: 'ran', value: await task(lock) };
  } finally {
    await releaseDistributedLock(parts, lock);
  }
}
