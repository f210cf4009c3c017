/** The round of a daemon that works off what is due: the failure of one piece does not hold up the rest. */
import { Deadline } from '../deadline.ts';
import { describeError, SystemError } from '../errors.ts';
import type { System } from '../system.ts';
import { BackOff } from './back-off.ts';

export interface DueWork {
  readonly id: string;
  readonly run: (deadline: Deadline) => Promise<{ readonly outcome: string }>;
}

interface DueOptions {
  /** What a piece of work is, for the logs. */
  readonly what: string;
  readonly atOnce: number;
  readonly deadlineMs: number;
  /** The work that is due, without that of `resting`, which must not be tried yet. */
  readonly find: (resting: readonly string[]) => Promise<readonly DueWork[]>;
}

/** Time for one auction, battle or round. */
export const pieceDeadlineMs = 10_000;

/**
 * The round of a daemon: `atOnce` pieces at a time. Every instance goes through them in an order of its own, so that they do not all
 * wait for the same lock.
 */
export function dueRounds(
  system: System,
  stopping: AbortSignal,
  options: DueOptions,
): () => Promise<boolean> {
  const { clock, random, config } = system;
  const backOff = new BackOff({
    clock,
    random,
    firstMs: config.DAEMON_TICK_MS,
    maxMs: config.DAEMON_RETRY_MAX_MS,
  });
  return async () => {
    const due = await options.find(backOff.resting());
    const left = due.map((work) => ({ work, rank: random.next() })).toSorted((a, b) => a.rank - b.rank);
    const worker = async () => {
      for (let next = left.pop(); next !== undefined && !stopping.aborted; next = left.pop()) {
        await processOne(system, stopping, options, backOff, next.work);
      }
    };
    await Promise.all(Array.from({ length: options.atOnce }, worker));
    return false;
  };
}

async function processOne(
  { clock, logger }: System,
  stopping: AbortSignal,
  { what, deadlineMs }: DueOptions,
  backOff: BackOff,
  { id, run }: DueWork,
): Promise<void> {
  const startedMs = clock.monotonicMs();
  using deadline = new Deadline(clock, deadlineMs, stopping);
  try {
    const { outcome } = await run(deadline);
    backOff.succeeded(id);
    if (outcome === 'applied') {
      logger.info({ id, elapsedMs: Math.round(clock.monotonicMs() - startedMs) }, `${what} processed`);
    }
  } catch (error) {
    // Another instance is on it; that it holds the lock was logged where it was asked for.
    if (error instanceof SystemError && error.code === 'lock_not_acquired') return;
    const pauseMs = Math.round(backOff.failed(id, error));
    logger.warn({ id, error: describeError(error), pauseMs }, `${what} left to a later round`);
  }
}
