/** Redis and MongoDB unreachable together, as when a rack or its network is lost. */
import { z } from 'zod';
import type { Observer } from '../observe/observer.ts';
import { defineFault, type FaultContext, onlyOnce } from './fault.ts';
import { switchProxy } from './proxy-switch.ts';
import { flipProxies } from './toxiproxy-extensions.ts';

export const allDown = defineFault({
  name: 'all-down',
  title: 'Redis and MongoDB unreachable together',
  needs: [],
  breaks: ['mongo', 'redis'],
  proofNeeds: [],
  parameters: z.strictObject({}),
  draw: () => ({}),
  apply: async (context) => {
    const before = await connectionsOf(context.observer);
    try {
      await switchBoth(context, false);
    } catch (error) {
      await switchBoth(context, true);
      throw error;
    }
    return {
      effect: async () => {
        const during = await connectionsOf(context.observer);
        return {
          observed: before.redis > 0 && before.mongo > 0 && during.redis === 0 && during.mongo === 0,
          evidence: `${before.redis} connections to Redis and ${before.mongo} to MongoDB before, ${during.redis} and ${during.mongo} while both were unreachable`,
          measures: {
            redisConnectionsBefore: before.redis,
            redisConnectionsDuring: during.redis,
            mongoConnectionsBefore: before.mongo,
            mongoConnectionsDuring: during.mongo,
          },
        };
      },
      heal: onlyOnce(() => switchBoth(context, true)),
    };
  },
});

/** In one step where Toxiproxy can do that; otherwise a few milliseconds lie between the two. */
async function switchBoth({ stack, toxiproxy }: FaultContext, enabled: boolean): Promise<void> {
  const { redis, mongo } = stack.endpoints.proxyNames;
  if (stack.capabilities.has('toxiproxy-extensions')) {
    await flipProxies(stack.endpoints.toxiproxyApi, { [redis]: enabled, [mongo]: enabled });
    return;
  }
  await Promise.all([switchProxy(toxiproxy, redis, enabled), switchProxy(toxiproxy, mongo, enabled)]);
}

async function connectionsOf(observer: Observer): Promise<{ redis: number; mongo: number }> {
  const [redis, mongo] = await Promise.all([observer.redisState(), observer.mongoState()]);
  return { redis: redis.clients, mongo: mongo.clients };
}
