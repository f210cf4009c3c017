/** Asks a server again and again until it answers, within a deadline. */
import type { Clock } from '../../clock.ts';
import { StackFailed } from '../errors.ts';

const pollMs = 50;

export interface ReadyOptions {
  /** For messages. */
  readonly what: string;
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Rejects with the reason why it is not ready yet; must settle by itself. */
  ask(): Promise<unknown>;
  /** Why it never will be, if so. */
  gaveUp?(): string | undefined;
}

/** Throws `StackFailed` with the last reason. */
export async function untilReady({
  what,
  deadlineMs,
  clock,
  signal,
  ask,
  gaveUp,
}: ReadyOptions): Promise<void> {
  const giveUpAtMs = clock.monotonicMs() + deadlineMs;
  for (;;) {
    signal.throwIfAborted();
    try {
      await ask();
      return;
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      const ended = gaveUp?.();
      if (ended !== undefined) throw new StackFailed(`${what} ${ended}`, { cause: error });
      if (clock.monotonicMs() > giveUpAtMs) {
        throw new StackFailed(`${what} did not become ready within ${deadlineMs} ms: ${words}`, {
          cause: error,
        });
      }
    }
    await clock.sleep(pollMs, signal);
  }
}
