/** auction-processor: settles auctions whose time is up. Any number of instances may run. */
import { settleAuction } from '../../compound/auctions.ts';
import { auctionSettlement } from '../../compound/operations.ts';
import { runCompound } from '../../compound/run-compound.ts';
import { serverTimeMs } from '../../database/server-time.ts';
import type { Deadline } from '../../deadline.ts';
import type { System } from '../../system.ts';
import { dueRounds, pieceDeadlineMs } from '../process-due.ts';
import { runDaemon } from '../run-daemon.ts';

const batchSize = 100;
const atOnce = 4;

await runDaemon({
  name: 'auction-processor',
  start: async (system, stopping) => ({
    round: dueRounds(system, stopping, {
      what: 'auction',
      atOnce,
      deadlineMs: pieceDeadlineMs,
      find: (resting) => findDue(system, resting),
    }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }),
});

async function findDue({ collections, database, config, compound }: System, resting: readonly string[]) {
  const closed = await collections.auctions.documents
    .find({
      _id: { $nin: resting },
      status: 'open',
      closes_at: { $lte: new Date(await serverTimeMs(database)) },
    })
    .sort({ closes_at: 1 })
    .limit(batchSize)
    .toArray();
  return closed.map(({ _id, session_id, auction }) => {
    const operation = auctionSettlement(config, session_id, auction, (unit) =>
      settleAuction(unit, collections, session_id, auction),
    );
    return { id: _id, run: (deadline: Deadline) => runCompound(compound, operation, deadline) };
  });
}
