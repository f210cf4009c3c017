/** MongoDB unreachable: open connections end, new ones are refused. */
import { z } from 'zod';
import { defineFault } from './fault.ts';
import { switchProxy } from './proxy-switch.ts';

export const mongoDown = defineFault({
  name: 'mongo-down',
  title: 'MongoDB unreachable',
  needs: [],
  parameters: z.strictObject({}),
  draw: () => ({}),
  apply: async ({ stack, toxiproxy, observer }) => {
    const before = await observer.mongoConnections();
    const name = stack.endpoints.proxyNames.mongo;
    await switchProxy(toxiproxy, name, false);
    return {
      effect: async () => {
        const during = await observer.mongoConnections();
        return {
          observed: during < before,
          evidence: `${before} connections to MongoDB before, ${during} while it was unreachable (the observer's own included)`,
          measures: { connectionsBefore: before, connectionsDuring: during },
        };
      },
      heal: () => switchProxy(toxiproxy, name, true),
    };
  },
});
