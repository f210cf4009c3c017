/** A deadline for promises that have none of their own. */
import type { Clock } from '../clock.ts';
import { StackFailed } from './errors.ts';

/** Rejects with `StackFailed` when `promise` has not settled after `deadlineMs`; what it was doing may go on. */
export async function withDeadline<T>(
  promise: Promise<T>,
  deadlineMs: number,
  what: string,
  clock: Clock,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  using _timer = clock.timer(deadlineMs, () =>
    late.reject(new StackFailed(`${what} took longer than ${deadlineMs} ms`)),
  );
  return await Promise.race([promise, late.promise]);
}
