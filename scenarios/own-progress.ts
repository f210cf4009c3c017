/**
 * What the daemons do by themselves once the load is over and everything is healed: whatever is due is done soon, before an operator helps. What is still
 * undone after the limit is kept in the evidence.
 */
import { z } from 'zod';
import type { JsonObject, TargetContext } from '../chaos/api/index.ts';

/** As long as a recovery may take: a lock of a killed holder has expired long before, and what failed is tried again within a second. */
const limitMs = 15_000;
/** Work that has just become due is not late. */
const dueForMs = 1_000;

interface Undone {
  readonly what: string;
  readonly overdueMs: number;
}

const named = { session_id: z.string() };
const sessions = z.array(z.object({ _id: z.string(), turn: z.number(), next_turn_at: z.date() }));
const auctions = z.array(z.object({ ...named, auction: z.string(), closes_at: z.date() }));
const battles = z.array(z.object({ ...named, battle: z.string(), ends_at: z.date() }));
const tournaments = z.array(
  z.object({
    ...named,
    tournament: z.string(),
    status: z.string(),
    round: z.number(),
    next_round_at: z.date(),
    rewards: z.array(z.object({ paid: z.boolean() })),
  }),
);

export async function watchProgress(context: TargetContext): Promise<JsonObject> {
  const startedMs = context.clock.nowMs();
  // New work becomes due meanwhile, so each piece of what was due at first is watched by itself.
  let undone = await findUndone(context);
  await context.until(async () => {
    if (undone.length === 0) return true;
    const still = new Map((await findUndone(context)).map((one) => [one.what, one]));
    undone = undone.flatMap(({ what }) => still.get(what) ?? []);
    return undone.length === 0;
  }, limitMs);
  return {
    startedMs,
    endedMs: context.clock.nowMs(),
    undone: undone.map((one) => ({ ...one })),
    processes: context.processes.all.filter((process) => process.running()).map(({ name }) => name),
    daemons: await daemonsOf(context),
  };
}

const daemonsSchema = z.object({
  data: z.object({
    daemons: z.array(z.object({ name: z.string(), instance: z.string(), ageMs: z.number() })),
  }),
});

/** As the health route lists them; null when it does not answer. */
async function daemonsOf({ http }: TargetContext) {
  const parsed = daemonsSchema.safeParse((await http.get('/api/health')).body);
  return parsed.success ? parsed.data.data.daemons : null;
}

/** By the database's clock, which decides what is due. */
async function findUndone({ mongo, redis, processes }: TargetContext): Promise<Undone[]> {
  const { localTime } = z.object({ localTime: z.date() }).parse(await mongo.command({ hello: 1 }));
  const nowMs = localTime.getTime();
  const before = new Date(nowMs - dueForMs);
  const find = (role: string, collection: string, filter: object) =>
    processes.withRole(role).length === 0 ? [] : mongo.collection(collection).find(filter).toArray();
  const [dueSessions, dueAuctions, dueBattles, dueTournaments, queued] = await Promise.all([
    find('turn-processor', 'sessions', { next_turn_at: { $lt: before } }),
    find('auction-processor', 'auctions', { status: 'open', closes_at: { $lt: before } }),
    find('battle-processor', 'battles', { status: 'running', ends_at: { $lt: before } }),
    find('tournament-processor', 'tournaments', {
      $or: [{ status: 'running', next_round_at: { $lt: before } }, { 'rewards.paid': false }],
    }),
    processes.withRole('db-sync').length === 0 ? [] : redis.xrange('sync:queue', '-', '+', 'COUNT', 1),
  ]);
  const since = (due: Date) => nowMs - due.getTime();
  return [
    ...sessions.parse(dueSessions).map(({ _id, turn, next_turn_at: due }) => ({
      what: `turn ${turn + 1} of ${_id}`,
      overdueMs: since(due),
    })),
    ...auctions.parse(dueAuctions).map(({ session_id: session, auction, closes_at: due }) => ({
      what: `the settlement of auction ${auction} of ${session}`,
      overdueMs: since(due),
    })),
    ...battles.parse(dueBattles).map(({ session_id: session, battle, ends_at: due }) => ({
      what: `the end of battle ${battle} of ${session}`,
      overdueMs: since(due),
    })),
    ...tournaments
      .parse(dueTournaments)
      .map(({ session_id: session, tournament, status, round, next_round_at: due }) => ({
        what:
          status === 'running' && due < before
            ? `round ${round + 1} of tournament ${tournament} of ${session}`
            : `rewards of tournament ${tournament} of ${session}`,
        overdueMs: Math.max(0, since(due)),
      })),
    ...queued.map(([id]) => ({ what: `save ${id} of the queue`, overdueMs: 0 })),
  ];
}
