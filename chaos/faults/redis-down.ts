/** Redis unreachable: open connections end, new ones are refused. */
import { z } from 'zod';
import { defineFault } from './fault.ts';
import { switchProxy } from './proxy-switch.ts';

export const redisDown = defineFault({
  name: 'redis-down',
  title: 'Redis unreachable',
  needs: [],
  parameters: z.strictObject({}),
  draw: () => ({}),
  apply: async ({ stack, toxiproxy, observer }) => {
    const before = await observer.redisState();
    const name = stack.endpoints.proxyNames.redis;
    await switchProxy(toxiproxy, name, false);
    return {
      effect: async () => {
        const during = await observer.redisState();
        return {
          observed: before.clients > 0 && during.clients === 0,
          evidence: `${before.clients} connections to Redis before, ${during.clients} while it was unreachable`,
          measures: { connectionsBefore: before.clients, connectionsDuring: during.clients },
        };
      },
      heal: () => switchProxy(toxiproxy, name, true),
    };
  },
});
