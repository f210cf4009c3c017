/**
 * The member that the system talks to is cut from the others of its replica set, while everybody else still reaches it. It finds no majority
 * and gives up the role, the others elect one of them, and what it had not passed on to them before is never acknowledged.
 */
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { openMongo } from '../stack/mongo-launch.ts';
import { until } from '../until.ts';
import { defineFault, type FaultContext, onlyOnce } from './fault.ts';
import { isPrimary, saysPrimary } from './primary.ts';

const pollMs = 50;
/** Two elections follow each other at most: of another member, and later of the first again. */
const electionLimitMs = 30_000;
const askDeadlineMs = 2_000;

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
      await wait(context, 'takes writes again', () => isPrimary(context));
    });
    try {
      await stack.partition();
      await wait(context, 'gave up its role', async () => !(await isPrimary(context)), signal);
      const steppedDownMs = clock.monotonicMs() - cutMs;
      await wait(context, 'was followed by another', () => anotherIsPrimary(stack.endpoints.mongo), signal);
      const succeededMs = clock.monotonicMs() - cutMs;
      return {
        effect: async () => {
          const during = await observer.mongoState();
          const requests = during.requests - before.requests;
          const first = await isPrimary(context);
          const other = await anotherIsPrimary(stack.endpoints.mongo);
          return {
            observed: !first && other && before.clients > 0 && requests > 0,
            evidence:
              first || !other
                ? `the member is ${first ? 'primary again' : 'no primary'}, and ${other ? 'another' : 'no other'} is, before it was healed`
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

async function anotherIsPrimary({
  others = [],
}: FaultContext['stack']['endpoints']['mongo']): Promise<boolean> {
  const answers = await Promise.all(others.map((uri) => isPrimaryAt(uri).catch(() => false)));
  return answers.includes(true);
}

async function isPrimaryAt(uri: string): Promise<boolean> {
  await using client = await openMongo(uri, askDeadlineMs);
  return await saysPrimary(client.db('admin'));
}

/** Rejects when it does not come true in time, or as soon as the signal says so. An answer that fails is none. */
async function wait(
  { clock }: { readonly clock: Clock },
  what: string,
  ask: () => Promise<boolean>,
  signal?: AbortSignal,
): Promise<void> {
  const answered = () => ask().catch(() => false);
  if (await until(answered, { clock, limitMs: electionLimitMs, pollMs, signal })) return;
  throw new Error(
    `nothing shows after ${electionLimitMs} ms that the first member of the replica set ${what}`,
  );
}
