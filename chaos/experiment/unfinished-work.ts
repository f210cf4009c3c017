/**
 * What the daemons left undone when they were stopped, completed through the API as an operator would: a system at rest owes
 * nobody a turn, a settlement, the end of a battle or a reward.
 */
import { z } from 'zod';
import type { Observer } from '../observe/observer.ts';
import type { ProcessKind } from './system-under-test.ts';

/** The daemons that make new work; db-sync goes on, for it only writes what the others left. */
export const workingDaemons: readonly ProcessKind[] = [
  'auction-processor',
  'battle-processor',
  'tournament-processor',
  'turn-processor',
];

/** `path`: the request of the API that completes it. */
export interface UnfinishedWork {
  readonly what: string;
  readonly path: string;
}

const sessionSchema = z.object({
  _id: z.string(),
  turn: z.number(),
  turn_started: z.object({ turn: z.number() }).nullish(),
});
const named = { session_id: z.string() };
const auctionSchema = z.object({ ...named, auction: z.string() });
const battleSchema = z.object({ ...named, battle: z.string() });
const tournamentSchema = z.object({ ...named, tournament: z.string(), round: z.number() });

/** All that is begun or due at `nowMs`; empty when the system owes nothing. */
export async function findUnfinished({ database }: Observer, nowMs: number): Promise<UnfinishedWork[]> {
  const now = new Date(nowMs);
  const [sessions, auctions, battles, tournaments] = await Promise.all([
    database
      .collection('sessions')
      .find({ turn_started: { $ne: null } })
      .toArray(),
    database
      .collection('auctions')
      .find({ status: 'open', closes_at: { $lte: now } })
      .toArray(),
    database
      .collection('battles')
      .find({ status: 'running', ends_at: { $lte: now } })
      .toArray(),
    database.collection('tournaments').find({ 'rewards.paid': false }).toArray(),
  ]);
  return [
    ...z.array(sessionSchema).parse(sessions).filter(isTurnBegun).map(turnOf),
    ...z.array(auctionSchema).parse(auctions).map(settlementOf),
    ...z.array(battleSchema).parse(battles).map(endOfBattle),
    ...z.array(tournamentSchema).parse(tournaments).map(rewardsOf),
  ];
}

function isTurnBegun({ turn, turn_started: started }: z.infer<typeof sessionSchema>): boolean {
  return (started?.turn ?? 0) > turn;
}

function turnOf({ _id, turn }: z.infer<typeof sessionSchema>): UnfinishedWork {
  return { what: `turn ${turn + 1} of ${_id}`, path: `/api/sessions/${_id}/turns/${turn + 1}` };
}

function settlementOf({ session_id, auction }: z.infer<typeof auctionSchema>): UnfinishedWork {
  return {
    what: `auction ${auction} of ${session_id}`,
    path: `/api/sessions/${session_id}/auctions/${auction}/settle`,
  };
}

function endOfBattle({ session_id, battle }: z.infer<typeof battleSchema>): UnfinishedWork {
  return {
    what: `battle ${battle} of ${session_id}`,
    path: `/api/sessions/${session_id}/battles/${battle}/finish`,
  };
}

/** A round that was decided is paid when it is asked for again. */
function rewardsOf({ session_id, tournament, round }: z.infer<typeof tournamentSchema>): UnfinishedWork {
  return {
    what: `rewards of tournament ${tournament} of ${session_id}`,
    path: `/api/sessions/${session_id}/tournaments/${tournament}/rounds/${Math.max(1, round)}`,
  };
}
