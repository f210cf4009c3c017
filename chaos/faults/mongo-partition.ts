/**
 * The member that the system talks to is cut from the others of its replica set, while everybody else still reaches it. It finds no majority
 * and gives up the role, the others elect one of them, and what it had not passed on to them before is never acknowledged.
 */
import { MongoClient } from 'mongodb';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { ownNamePrefix } from '../observe/redis-state.ts';
import { defineFault, type FaultContext, onlyOnce } from './fault.ts';

const pollMs = 50;
/** Two elections follow each other at most: of another member, and later of the first again. */
const electionLimitMs = 30_000;
const askDeadlineMs = 2_000;
const helloSchema = z.object({ isWritablePrimary: z.boolean() });

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
      await until(context, 'takes writes again', () => firstIsPrimary(context));
    });
    try {
      await stack.partition();
      await until(context, 'gave up its role', async () => !(await firstIsPrimary(context)), signal);
      const steppedDownMs = clock.monotonicMs() - cutMs;
      await until(context, 'was followed by another', () => anotherIsPrimary(stack.endpoints.mongo), signal);
      const succeededMs = clock.monotonicMs() - cutMs;
      return {
        effect: async () => {
          const during = await observer.mongoState();
          const requests = during.requests - before.requests;
          const isPrimary = await firstIsPrimary(context);
          const other = await anotherIsPrimary(stack.endpoints.mongo);
          return {
            observed: !isPrimary && other && before.clients > 0 && requests > 0,
            evidence:
              isPrimary || !other
                ? `the member is ${isPrimary ? 'primary again' : 'no primary'}, and ${other ? 'another' : 'no other'} is, before it was healed`
                : `cut from the others, the member was no primary after ${steppedDownMs.toFixed(0)} ms, and another was after ${succeededMs.toFixed(0)} ms; ${requests} requests reached the one that was cut off, on ${before.clients} connections`,
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

async function firstIsPrimary({ observer }: FaultContext): Promise<boolean> {
  return helloSchema.parse(await observer.database.admin().command({ hello: 1 })).isWritablePrimary;
}

async function anotherIsPrimary({
  others = [],
}: FaultContext['stack']['endpoints']['mongo']): Promise<boolean> {
  const answers = await Promise.all(others.map(isPrimaryAt));
  return answers.includes(true);
}

/** False also for one that does not answer. */
async function isPrimaryAt(uri: string): Promise<boolean> {
  const client = new MongoClient(uri, {
    appName: `${ownNamePrefix}probe`,
    serverSelectionTimeoutMS: askDeadlineMs,
    connectTimeoutMS: askDeadlineMs,
    socketTimeoutMS: askDeadlineMs,
  });
  try {
    return helloSchema.parse(await client.db('admin').command({ hello: 1 })).isWritablePrimary;
  } catch {
    return false;
  } finally {
    await client.close();
  }
}

/** Rejects when it does not come true in time, or as soon as the signal says so. An answer that fails is none. */
async function until(
  { clock }: { readonly clock: Clock },
  what: string,
  ask: () => Promise<boolean>,
  signal?: AbortSignal,
): Promise<void> {
  const giveUpAtMs = clock.monotonicMs() + electionLimitMs;
  while (!(await ask().catch(() => false))) {
    signal?.throwIfAborted();
    if (clock.monotonicMs() > giveUpAtMs) {
      throw new Error(
        `nothing shows after ${electionLimitMs} ms that the first member of the replica set ${what}`,
      );
    }
    await clock.sleep(pollMs, signal);
  }
}
