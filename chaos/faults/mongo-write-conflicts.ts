/**
 * A storm of write conflicts: a stranger keeps changing the same entities in transactions that it always takes back. Writes
 * of the system wait for it, and its transactions are aborted, without one document being different in the end.
 */
import { type ClientSession, type Collection, MongoServerError } from 'mongodb';
import { z } from 'zod';
import { seededRandom } from '../random.ts';
import { defineFault, onlyOnce } from './fault.ts';
import { repeatUntilHealed } from './until-healed.ts';

const collections = [
  'generals',
  'sessions',
  'cities',
  'nations',
  'fences',
  'auctions',
  'battles',
  'tournaments',
];
/** Entities held at once, of each collection at most. */
const heldMax = 12;

export const mongoWriteConflicts = defineFault({
  name: 'mongo-write-conflicts',
  title: 'A storm of write conflicts in MongoDB',
  needs: [],
  breaks: ['mongo'],
  proofNeeds: [],
  parameters: z.strictObject({
    /** How long each transaction holds what it changed. */
    holdMs: z.int().positive(),
    pauseMs: z.int().nonnegative(),
    /** Of the choice of entities. */
    seed: z.int(),
  }),
  draw: (random) => ({
    holdMs: random.integer(30, 120),
    pauseMs: random.integer(5, 40),
    seed: random.integer(0, 1_000_000),
  }),
  apply: async ({ observer, clock, signal }, { holdMs, pauseMs, seed }) => {
    const { database } = observer;
    const random = seededRandom(seed);
    const before = await observer.mongoState();
    let rounds = 0;
    let own = 0;
    const storm = repeatUntilHealed(signal, async (stopping) => {
      const session = database.client.startSession();
      try {
        session.startTransaction();
        for (const name of collections) {
          const documents = database.collection<{ _id: string }>(name);
          const ids = (await documents.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id);
          const start = ids.length === 0 ? 0 : random.integer(0, ids.length - 1);
          own += await hold(
            documents,
            [...ids.slice(start), ...ids.slice(0, start)].slice(0, heldMax),
            session,
          );
        }
        if (session.inTransaction()) rounds += 1;
        await clock.sleep(holdMs, stopping);
      } finally {
        await session.abortTransaction().catch(() => undefined);
        await session.endSession();
      }
      await clock.sleep(pauseMs, stopping);
    });
    return {
      effect: async () => {
        const failure = storm.failure();
        if (failure !== null) throw failure;
        const during = await observer.mongoState();
        const conflicts = during.writeConflicts - before.writeConflicts - own;
        return {
          observed: conflicts > 0,
          evidence: `writes of the system met those of ${rounds} foreign transactions ${conflicts} times`,
          measures: { conflicts, transactions: rounds, ownConflicts: own },
        };
      },
      heal: onlyOnce(() => storm.stop()),
    };
  },
});

/** Changes the entities in the transaction; resolves to how often that itself met a conflict, which ends the transaction. */
async function hold(
  documents: Collection<{ _id: string }>,
  ids: readonly string[],
  session: ClientSession,
): Promise<number> {
  if (ids.length === 0 || !session.inTransaction()) return 0;
  try {
    await documents.updateMany({ _id: { $in: [...ids] } }, { $inc: { held_by_redcliff: 1 } }, { session });
    return 0;
  } catch (error) {
    if (!(error instanceof MongoServerError && error.codeName === 'WriteConflict')) throw error;
    await session.abortTransaction().catch(() => undefined);
    return 1;
  }
}
