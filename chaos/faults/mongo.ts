/** Faults of MongoDB itself: lost replies to writes, a primary that steps down or is cut off, a kill, and a storm of write conflicts. */
import { type Admin, type ClientSession, type Collection, MongoServerError } from 'mongodb';
import { z } from 'zod';
import { defineFault, type Fault, type FaultContext, onlyOnce } from '../api/fault.ts';
import { seededRandom } from '../random.ts';
import { openMongo } from '../stack/mongo-launch.ts';
import { until } from '../until.ts';
import { killAndRestart } from './kill-and-restart.ts';
import { addCommandFault } from './proxies.ts';
import { repeatUntilHealed } from './repeated.ts';

const writes = ['commitTransaction', 'delete', 'findAndModify', 'insert', 'update'];

const commitReplyLost = defineFault({
  name: 'mongo-commit-reply-lost',
  title: 'Replies of MongoDB to writes and commits are lost after they took effect',
  needs: ['toxiproxy-extensions'],
  breaks: ['mongo'],
  proofNeeds: [],
  parameters: z.strictObject({
    /** Share of the replies that is lost, from the n-th on. */
    share: z.number().gt(0).max(1),
    nth: z.int().positive(),
    /** Whether the connection ends with it, is reset, or goes silent. */
    ending: z.enum(['close', 'hang', 'reset']),
  }),
  draw: (random) => ({
    share: random.integer(12, 30) / 100,
    nth: random.integer(1, 5),
    ending: random.pick(['close', 'reset', 'hang'] as const),
  }),
  apply: async (context, { share, nth, ending }) => {
    const fault = await addCommandFault(context, 'mongo', {
      name: 'redcliff-commit-reply-lost',
      kind: 'drop-reply',
      protocol: 'mongo',
      command: writes,
      nth,
      times: null,
      toxicity: share,
      ending,
    });
    return {
      effect: async () => {
        const { matched, applied } = await fault.effect();
        return {
          observed: applied > 0,
          evidence: `of ${matched} writes and commits that MongoDB executed, the replies to ${applied} were lost`,
          measures: { writes: matched, repliesLost: applied },
        };
      },
      heal: () => fault.remove(),
    };
  },
});

const restart = defineFault({
  name: 'mongo-restart',
  title: 'MongoDB killed and restarted',
  needs: ['mongo-kill', 'mongo-restart'],
  breaks: ['mongo'],
  proofNeeds: [],
  parameters: z.strictObject({ downMs: z.int().nonnegative() }),
  draw: (random) => ({ downMs: random.integer(50, 600) }),
  apply: async (context, { downMs }) => {
    const { observer, clock } = context;
    const before = await observer.mongoState();
    const killedMs = clock.monotonicMs();
    await killAndRestart(context, 'mongo', { downMs, empty: false });
    const awayMs = clock.monotonicMs() - killedMs;
    return {
      effect: async () => {
        const after = await observer.mongoState();
        return {
          observed: before.clients > 0 && after.serverProcess !== before.serverProcess,
          evidence: `MongoDB lost ${before.clients} connections, was away for ${awayMs.toFixed(0)} ms and is another process since`,
          measures: { connectionsBefore: before.clients, awayMs },
        };
      },
      heal: () => Promise.resolve(),
    };
  },
});

/** An election takes a second or two; two of them follow each other at most. */
const electionLimitMs = 30_000;
const electionPollMs = 20;

/**
 * The primary of the replica set steps down: with one member, no server accepts writes until it is elected again; with three, another one
 * does, and the first takes the role back.
 */
export const mongoStepDown = defineFault({
  name: 'mongo-step-down',
  title: 'The primary of the replica set steps down',
  needs: ['mongo-step-down'],
  breaks: ['mongo'],
  proofNeeds: [],
  parameters: z.strictObject({}),
  draw: () => ({}),
  apply: async (context) => {
    const { stack, observer, clock } = context;
    await stack.stepDown();
    const steppedDownMs = clock.monotonicMs();
    const before = await observer.mongoState();
    const gone = !(await isPrimary(context));
    const elected = () => waitFor(context, 'is primary again', () => isPrimary(context));
    await elected();
    const withoutPrimaryMs = clock.monotonicMs() - steppedDownMs;
    const after = await observer.mongoState();
    const requests = after.requests - before.requests;
    return {
      effect: () =>
        Promise.resolve({
          observed: gone && before.clients > 0 && requests > 0,
          evidence: gone
            ? `the member that the target talks to was not primary for ${withoutPrimaryMs.toFixed(0)} ms, in which ${requests} requests came on ${before.clients} connections`
            : 'the primary was elected again before a request could have met the change',
          measures: { withoutPrimaryMs, requests, connections: before.clients },
        }),
      heal: elected,
    };
  },
});

/**
 * The member that the target talks to is cut from the others of its replica set, while all clients still reach it. It finds no majority
 * and gives up the role, the others elect one of them, and what it had not replicated before is never acknowledged.
 */
export const mongoPartition = defineFault({
  name: 'mongo-partition',
  title: 'The primary is cut from the other members of its replica set',
  needs: ['mongo-partition'],
  breaks: ['mongo'],
  proofNeeds: [],
  parameters: z.strictObject({}),
  draw: () => ({}),
  apply: async (context) => {
    const { stack, observer, clock, signal } = context;
    const before = await observer.mongoState();
    const cutMs = clock.monotonicMs();
    const heal = onlyOnce(async () => {
      await stack.rejoin();
      await waitFor(context, 'takes writes again', () => isPrimary(context));
    });
    try {
      await stack.partition();
      await waitFor(context, 'gave up its role', async () => !(await isPrimary(context)), signal);
      const steppedDownMs = clock.monotonicMs() - cutMs;
      await waitFor(context, 'was followed by another', () => anotherIsPrimary(context), signal);
      const succeededMs = clock.monotonicMs() - cutMs;
      return {
        effect: async () => {
          const during = await observer.mongoState();
          const requests = during.requests - before.requests;
          const first = await isPrimary(context);
          const other = await anotherIsPrimary(context);
          return {
            observed: !first && other && before.clients > 0 && requests > 0,
            evidence:
              first || !other
                ? `the member is ${first ? 'primary again' : 'not primary'}, and ${other ? 'another' : 'no other'} is, before it was healed`
                : `cut from the others, the member was not primary after ${steppedDownMs.toFixed(0)} ms, and another was after ${succeededMs.toFixed(0)} ms; ${requests} requests reached the one that was cut off, on ${before.clients} connections`,
            measures: { steppedDownMs, succeededMs, requests, connections: before.clients },
          };
        },
        heal,
      };
    } catch (error) {
      await heal();
      throw error;
    }
  },
});

const helloSchema = z.object({ isWritablePrimary: z.boolean() });

async function isPrimary({ observer }: FaultContext): Promise<boolean> {
  return await saysPrimary(observer.database.admin());
}

async function saysPrimary(admin: Pick<Admin, 'command'>): Promise<boolean> {
  return helloSchema.parse(await admin.command({ hello: 1 })).isWritablePrimary;
}

const askDeadlineMs = 2_000;

async function anotherIsPrimary({ stack }: FaultContext): Promise<boolean> {
  const { others = [] } = stack.endpoints.mongo;
  const ask = async (uri: string): Promise<boolean> => {
    await using client = await openMongo(uri, askDeadlineMs);
    return await saysPrimary(client.db('admin'));
  };
  const answers = await Promise.all(others.map((uri) => ask(uri).catch(() => false)));
  return answers.includes(true);
}

/** Rejects when it does not become true in time, or as soon as the signal says so. A question that fails is answered with no. */
async function waitFor(
  { clock }: FaultContext,
  what: string,
  ask: () => Promise<boolean>,
  signal?: AbortSignal,
): Promise<void> {
  const answered = () => ask().catch(() => false);
  const timing = { clock, limitMs: electionLimitMs, pollMs: electionPollMs, signal };
  if (await until(answered, timing)) return;
  throw new Error(`after ${electionLimitMs} ms the first member of the replica set still has not ${what}`);
}

/** Documents held at once, of each collection at most. */
const heldMax = 12;
/** Field that the storm changes; its transactions are always aborted. */
const stormField = 'held_by_redcliff';

/**
 * A client of the harness keeps changing the same documents in transactions that it always aborts. Writes of the target wait for it, and its
 * transactions are aborted, without one document being different in the end.
 */
const writeConflicts = defineFault({
  name: 'mongo-write-conflicts',
  title: 'A storm of write conflicts in MongoDB',
  needs: [],
  breaks: ['mongo'],
  proofNeeds: [],
  parameters: z.strictObject({
    /** How long each transaction holds what it changed. */
    holdMs: z.int().positive(),
    pauseMs: z.int().nonnegative(),
    /** Of the choice of documents. */
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
    const listed = await database.listCollections({ type: 'collection' }, { nameOnly: true }).toArray();
    const names = listed.map(({ name }) => name).toSorted();
    let rounds = 0;
    let own = 0;
    const storm = repeatUntilHealed(signal, async (stopping) => {
      const session = database.client.startSession();
      try {
        session.startTransaction();
        for (const name of names) {
          const documents = database.collection(name);
          const found = await documents.find({}, { projection: { _id: 1 } }).toArray();
          const start = found.length === 0 ? 0 : random.integer(0, found.length - 1);
          const ids = [...found.slice(start), ...found.slice(0, start)].map(({ _id }) => _id);
          own += await hold(documents, ids.slice(0, heldMax), session);
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
          evidence: `writes of the target met those of ${rounds} other transactions ${conflicts} times`,
          measures: { conflicts, transactions: rounds, ownConflicts: own },
        };
      },
      heal: onlyOnce(() => storm.stop()),
    };
  },
});

/** Changes the documents in the transaction; resolves to how often that itself met a conflict, which ends the transaction. */
async function hold(
  documents: Collection,
  ids: readonly Collection['collectionName'][] | readonly unknown[],
  session: ClientSession,
): Promise<number> {
  if (ids.length === 0 || !session.inTransaction()) return 0;
  try {
    await documents.updateMany({ _id: { $in: ids as never[] } }, { $inc: { [stormField]: 1 } }, { session });
    return 0;
  } catch (error) {
    if (!(error instanceof MongoServerError && error.codeName === 'WriteConflict')) throw error;
    await session.abortTransaction().catch(() => undefined);
    return 1;
  }
}

export const mongoFaults: readonly Fault[] = [
  commitReplyLost,
  mongoPartition,
  restart,
  mongoStepDown,
  writeConflicts,
];
