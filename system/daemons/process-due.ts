/** The round of a daemon that works off what is due: the failure of one piece does not hold up the rest. */
import { Deadline } from '../deadline.ts';
import { describeError, SystemError } from '../errors.ts';
import type { System } from '../system.ts';

export interface DueWork {
  /** What it is, for the logs. */
  readonly id: string;
  readonly run: (deadline: Deadline) => Promise<{ readonly outcome: string }>;
}

const pieceDeadlineMs = 10_000;

/** `atOnce` pieces at a time. Every instance goes through them in an order of its own, so that they do not all wait for the same lock. */
export async function processDue(
  system: System,
  stopping: AbortSignal,
  due: readonly DueWork[],
  atOnce: number,
): Promise<void> {
  const left = due.map((work) => ({ work, rank: system.random.next() })).toSorted((a, b) => a.rank - b.rank);
  const worker = async () => {
    for (let next = left.pop(); next !== undefined && !stopping.aborted; next = left.pop()) {
      await processOne(system, stopping, next.work);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function processOne(system: System, stopping: AbortSignal, { id, run }: DueWork): Promise<void> {
  using deadline = new Deadline(system.clock, pieceDeadlineMs, stopping);
  try {
    const { outcome } = await run(deadline);
    if (outcome === 'applied') system.logger.info({ id }, 'processed');
  } catch (error) {
    // Another instance is on it: nothing to tell.
    const held = error instanceof SystemError && error.code === 'lock_not_acquired';
    system.logger[held ? 'debug' : 'warn']({ id, error: describeError(error) }, 'left to the next round');
  }
}
