/** turn-processor: processes the next turn of every session whose turn is due. Any number of instances may run. */
import { Deadline } from '../../deadline.ts';
import { describeError } from '../../errors.ts';
import type { System } from '../../system.ts';
import { processTurn } from '../../turns/process-turn.ts';
import { isDue } from '../../turns/schedule.ts';
import { runDaemon } from '../run-daemon.ts';

await runDaemon({ name: 'turn-processor', start: startTurns });

async function startTurns(system: System, stopping: AbortSignal) {
  return {
    round: async () => {
      const nowMs = await system.turns.serverTimeMs();
      const due = await system.collections.entities.session.documents
        .find({ next_turn_at: { $lte: new Date(nowMs) } }, { projection: { _id: 1 } })
        .sort({ next_turn_at: 1 })
        .toArray();
      for (const { _id } of due) {
        if (stopping.aborted) return false;
        await processDueTurn(system, _id, nowMs, stopping);
      }
      return false;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Failures of one session do not hold up the others; what was left is done in a later round, by this process or another. */
async function processDueTurn(
  system: System,
  sessionId: string,
  nowMs: number,
  stopping: AbortSignal,
): Promise<void> {
  const { clock, logger, metrics, config } = system;
  const startedMs = clock.monotonicMs();
  const elapsedSeconds = () => (clock.monotonicMs() - startedMs) / 1000;
  using deadline = new Deadline(clock, config.TURN_DEADLINE_MS, stopping);
  try {
    const session = await system.reads.getSession(sessionId);
    if (session === null) return;
    if (!isDue(session, nowMs)) return;
    const turn = session.turn + 1;
    const result = await processTurn(system.turns, sessionId, turn, deadline);
    metrics.turn(result.outcome, elapsedSeconds());
    if (result.outcome === 'applied') {
      logger.info({ sessionId, turn, elapsedMs: Math.round(elapsedSeconds() * 1000) }, 'turn processed');
    }
  } catch (error) {
    metrics.turn('failed', elapsedSeconds());
    logger.warn({ sessionId, error: describeError(error) }, 'turn left to the next round');
  }
}
