/** turn-processor: processes the next turn of every session whose turn is due. Any number of instances may run. */
import type { Deadline } from '../../deadline.ts';
import type { System } from '../../system.ts';
import { processTurn } from '../../turns/process-turn.ts';
import { isDue } from '../../turns/schedule.ts';
import { dueRounds } from '../process-due.ts';
import { runDaemon } from '../run-daemon.ts';

await runDaemon({
  name: 'turn-processor',
  start: async (system, stopping) => ({
    round: dueRounds(system, stopping, {
      what: 'turn',
      atOnce: system.config.TURN_SESSIONS_AT_ONCE,
      deadlineMs: system.config.TURN_DEADLINE_MS,
      find: (resting) => findDue(system, resting),
    }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }),
});

async function findDue(system: System, resting: readonly string[]) {
  const nowMs = await system.turns.serverTimeMs();
  const due = await system.collections.entities.session.documents
    .find({ _id: { $nin: resting }, next_turn_at: { $lte: new Date(nowMs) } }, { projection: { _id: 1 } })
    .sort({ next_turn_at: 1 })
    .toArray();
  return due.map(({ _id }) => ({
    id: _id,
    run: (deadline: Deadline) => processDueTurn(system, _id, nowMs, deadline),
  }));
}

async function processDueTurn(
  system: System,
  sessionId: string,
  nowMs: number,
  deadline: Deadline,
): Promise<{ readonly outcome: string }> {
  const { clock, metrics } = system;
  const startedMs = clock.monotonicMs();
  const elapsedSeconds = () => (clock.monotonicMs() - startedMs) / 1000;
  try {
    const session = await system.reads.getSession(sessionId);
    // Another processor has been there since the question was asked.
    if (session === null || !isDue(session, nowMs)) return { outcome: 'already' };
    const { outcome } = await processTurn(system.turns, sessionId, session.turn + 1, deadline);
    metrics.turn(outcome, elapsedSeconds());
    return { outcome };
  } catch (error) {
    metrics.turn('failed', elapsedSeconds());
    throw error;
  }
}
