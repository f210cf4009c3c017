/** battle-processor: ends battles whose time is up. Any number of instances may run. */
import { finishBattle } from '../../compound/finish-battle.ts';
import { battleFinalisation } from '../../compound/operations.ts';
import { runCompound } from '../../compound/run-compound.ts';
import { serverTimeMs } from '../../database/server-time.ts';
import type { Deadline } from '../../deadline.ts';
import type { System } from '../../system.ts';
import { dueRounds, pieceDeadlineMs } from '../process-due.ts';
import { runDaemon } from '../run-daemon.ts';

const batchSize = 100;
const atOnce = 4;

await runDaemon({
  name: 'battle-processor',
  start: async (system, stopping) => ({
    round: dueRounds(system, stopping, {
      what: 'battle',
      atOnce,
      deadlineMs: pieceDeadlineMs,
      find: (resting) => findDue(system, resting),
    }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }),
});

async function findDue(system: System, resting: readonly string[]) {
  const { collections, compound } = system;
  const over = await collections.battles.documents
    .find({
      _id: { $nin: resting },
      status: 'running',
      ends_at: { $lte: new Date(await serverTimeMs(system.database)) },
    })
    .sort({ ends_at: 1 })
    .limit(batchSize)
    .toArray();
  return over.map(({ _id, session_id: sessionId, battle: name }) => ({
    id: _id,
    run: async (deadline: Deadline) => {
      const operation = await battleFinalisation(system, sessionId, name, (unit) =>
        finishBattle(unit, collections, { sessionId, name }),
      );
      return await runCompound(compound, operation, deadline);
    },
  }));
}
