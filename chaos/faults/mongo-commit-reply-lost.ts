/**
 * MongoDB executes a write or a commit, and its reply is lost: the client cannot know that it took effect, and has to find
 * out, or to repeat what is safe to repeat.
 */
import { z } from 'zod';
import { defineFault, onlyOnce } from './fault.ts';
import { addCommandFault, commandFaultEffect, removeCommandFault } from './toxiproxy-extensions.ts';

const faultName = 'redcliff-commit-reply-lost';
const writes = ['commitTransaction', 'delete', 'findAndModify', 'insert', 'update'];

export const mongoCommitReplyLost = defineFault({
  name: 'mongo-commit-reply-lost',
  title: 'Replies of MongoDB to writes and commits are lost',
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
  apply: async ({ stack }, { share, nth, ending }) => {
    const api = stack.endpoints.toxiproxyApi;
    const proxy = stack.endpoints.proxyNames.mongo;
    await addCommandFault(api, proxy, {
      name: faultName,
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
        const { matched, applied } = await commandFaultEffect(api, proxy, faultName);
        return {
          observed: applied > 0,
          evidence: `of ${matched} writes and commits that MongoDB executed, the replies to ${applied} were lost`,
          measures: { writes: matched, repliesLost: applied },
        };
      },
      heal: onlyOnce(() => removeCommandFault(api, proxy, faultName)),
    };
  },
});
