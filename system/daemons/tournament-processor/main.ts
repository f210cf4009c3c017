/** tournament-processor: plays rounds that are due and pays what tournaments owe, several at once. Any number of instances may run. */
import { serverTimeMs } from '../../database/server-time.ts';
import type { Deadline } from '../../deadline.ts';
import type { System } from '../../system.ts';
import { playRound } from '../../tournaments/play-round.ts';
import { dueRounds, pieceDeadlineMs } from '../process-due.ts';
import { runDaemon } from '../run-daemon.ts';

const batchSize = 100;
const atOnce = 8;

await runDaemon({
  name: 'tournament-processor',
  start: async (system, stopping) => ({
    round: dueRounds(system, stopping, {
      what: 'tournament round',
      atOnce,
      deadlineMs: pieceDeadlineMs,
      find: (resting) => findDue(system, resting),
    }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }),
});

/** A tournament that owes rewards is due as well: its last round is run again, which only pays. */
async function findDue(system: System, resting: readonly string[]) {
  const { collections, tournaments } = system;
  const due = await collections.tournaments.documents
    .find({
      _id: { $nin: resting },
      $or: [
        { status: 'running', next_round_at: { $lte: new Date(await serverTimeMs(system.database)) } },
        { 'rewards.paid': false },
      ],
    })
    .limit(batchSize)
    .toArray();
  return due.map((document) => ({
    id: document._id,
    run: (deadline: Deadline) => {
      // Read here, so that a damaged one fails by itself.
      const { session_id, tournament, round, rewards, status } = collections.tournaments.parse(document);
      const owes = rewards.some(({ paid }) => !paid);
      const next = owes || status === 'completed' ? Math.max(round, 1) : round + 1;
      return playRound(tournaments, session_id, tournament, next, deadline);
    },
  }));
}
