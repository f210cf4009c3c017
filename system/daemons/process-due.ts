/** The round of a daemon that works off what is due, one piece after the other: the failure of one does not hold up the rest. */
import { Deadline } from '../deadline.ts';
import { describeError, SystemError } from '../errors.ts';
import type { System } from '../system.ts';

export interface DueWork {
  /** What it is, for the logs. */
  readonly id: string;
  readonly run: (deadline: Deadline) => Promise<{ readonly outcome: string }>;
}

const pieceDeadlineMs = 10_000;

export async function processDue(
  system: System,
  stopping: AbortSignal,
  due: readonly DueWork[],
): Promise<void> {
  for (const { id, run } of due) {
    if (stopping.aborted) return;
    using deadline = new Deadline(system.clock, pieceDeadlineMs, stopping);
    try {
      const { outcome } = await run(deadline);
      system.logger.info({ id, outcome }, 'processed');
    } catch (error) {
      // Another instance is on it: nothing to tell.
      const held = error instanceof SystemError && error.code === 'lock_not_acquired';
      system.logger[held ? 'debug' : 'warn']({ id, error: describeError(error) }, 'left to the next round');
    }
  }
}
