/** A server unreachable: open connections end, new ones are refused. */
import { z } from 'zod';
import { defineFault, type Fault, onlyOnce } from './fault.ts';
import { type NetworkedPart, partTitles, readTraffic } from './part-traffic.ts';
import { switchProxy } from './proxy-switch.ts';

export function partDown(part: NetworkedPart): Fault {
  const title = `${partTitles[part]} unreachable`;
  return defineFault({
    name: `${part}-down`,
    title,
    needs: [],
    breaks: [part],
    proofNeeds: [],
    parameters: z.strictObject({}),
    draw: () => ({}),
    apply: async ({ stack, toxiproxy, observer }) => {
      const before = await readTraffic(observer, part);
      const name = stack.endpoints.proxyNames[part];
      await switchProxy(toxiproxy, name, false);
      return {
        effect: async () => {
          const during = await readTraffic(observer, part);
          return {
            observed: before.clients > 0 && during.clients === 0,
            evidence: `${before.clients} connections to ${partTitles[part]} before, ${during.clients} while it was unreachable`,
            measures: { connectionsBefore: before.clients, connectionsDuring: during.clients },
          };
        },
        heal: onlyOnce(() => switchProxy(toxiproxy, name, true)),
      };
    },
  });
}
