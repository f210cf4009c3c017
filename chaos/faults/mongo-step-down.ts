/**
 * The primary of the replica set gives up its role: of one member, no server takes writes until it is elected again; of three, another one
 * does, and the first takes the role back.
 */
import { z } from 'zod';
import { defineFault, type FaultContext } from './fault.ts';
import { becomesPrimary, isPrimary } from './primary.ts';

const pollMs = 20;
/** An election takes a second or two. */
const electionLimitMs = 15_000;

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
    await waitForPrimary(context);
    const withoutPrimaryMs = clock.monotonicMs() - steppedDownMs;
    const after = await observer.mongoState();
    const requests = after.requests - before.requests;
    return {
      effect: () =>
        Promise.resolve({
          observed: gone && before.clients > 0 && requests > 0,
          evidence: gone
            ? `the member that the system talks to was no primary for ${withoutPrimaryMs.toFixed(0)} ms, in which ${requests} requests came on ${before.clients} connections`
            : 'the primary was elected again before anybody could have noticed',
          measures: { withoutPrimaryMs, requests, connections: before.clients },
        }),
      heal: () => waitForPrimary(context),
    };
  },
});

async function waitForPrimary(context: FaultContext): Promise<void> {
  if (await becomesPrimary(context, { limitMs: electionLimitMs, pollMs })) return;
  throw new Error(`MongoDB had no primary for ${electionLimitMs} ms`);
}
