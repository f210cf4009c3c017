/**
 * What the daemons left undone when they were stopped, completed through the API as an operator would: a system at rest owes
 * no turn, no settlement, no end of a battle and no reward.
 */
import { z } from 'zod';
import type { TargetContext } from '../chaos/api/index.ts';
import { adminToken } from './settings.ts';

const limitMs = 15_000;

/** The daemons that make new work; db-sync goes on, for it only writes what the others left. */
const workingDaemons = ['auction-processor', 'battle-processor', 'tournament-processor', 'turn-processor'];

/** Stops the daemons and completes what is begun or due. Returns why that was not possible, or null. */
export async function finishWork(context: TargetContext): Promise<string | null> {
  const { processes, clock, http } = context;
  await Promise.all(
    workingDaemons.flatMap((role) => processes.withRole(role)).map((process) => process.stop()),
  );
  let unfinished: readonly UnfinishedWork[] = [];
  const finished = await context.until(async () => {
    unfinished = await findUnfinished(context);
    for (const { path } of unfinished) {
      // Under a key of its own each time: an answer that was remembered would complete nothing.
      const key = `rest-${clock.nowMs()}-${path}`.slice(-100);
      await http.post(
        path,
        {},
        {
          headers: { authorization: `Bearer ${adminToken}`, 'idempotency-key': key },
        },
      );
    }
    return unfinished.length === 0;
  }, limitMs);
  if (finished) return null;
  const [first] = unfinished;
  return `${first?.what ?? 'work'} could not be finished within ${limitMs} ms (${unfinished.length} pieces are left)`;
}

/** `path`: the request of the API that completes it. */
interface UnfinishedWork {
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

async function findUnfinished({ mongo, clock }: TargetContext): Promise<UnfinishedWork[]> {
  const now = new Date(clock.nowMs());
  const find = (collection: string, filter: object) => mongo.collection(collection).find(filter).toArray();
  const [sessions, auctions, battles, tournaments] = await Promise.all([
    find('sessions', { turn_started: { $ne: null } }),
    find('auctions', { status: 'open', closes_at: { $lte: now } }),
    find('battles', { status: 'running', ends_at: { $lte: now } }),
    find('tournaments', { 'rewards.paid': false }),
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
