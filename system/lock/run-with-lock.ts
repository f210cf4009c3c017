/** Acquire, run, release, also when the work fails. */
import { SystemError } from '../errors.ts';
import { type AcquireOptions, acquireDistributedLock, type HeldLock, type LockParts } from './acquire.ts';
import { releaseDistributedLock } from './release.ts';

export interface RunWithLockOptions extends AcquireOptions {
  /** When the lock is not obtained, throws `lock_not_acquired` or skips the task, as the options say. */
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
