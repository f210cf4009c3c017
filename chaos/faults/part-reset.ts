/** A server whose connections are reset (RST) as soon as something passes: clients see ECONNRESET, and so do their new ones. */
import { z } from 'zod';
import { defineFault, type Fault } from './fault.ts';
import { type NetworkedPart, partTitles, readTraffic } from './part-traffic.ts';
import { addToxics } from './toxics.ts';

export function partReset(part: NetworkedPart): Fault {
  const name = `${part}-reset`;
  return defineFault({
    name,
    title: `${partTitles[part]} resets connections`,
    needs: [],
    breaks: [part],
    proofNeeds: [],
    parameters: z.strictObject({ afterMs: z.int().nonnegative() }),
    draw: (random) => ({ afterMs: random.pick([0, 0, random.integer(1, 40)]) }),
    apply: async ({ stack, toxiproxy, observer }, { afterMs }) => {
      const before = await readTraffic(observer, part);
      const heal = await addToxics(toxiproxy, stack.endpoints.proxyNames[part], name, [
        { type: 'reset_peer', stream: 'downstream', attributes: { timeout: afterMs } },
      ]);
      return {
        effect: async () => {
          const during = await readTraffic(observer, part);
          const again = during.connectionsAccepted - before.connectionsAccepted;
          return {
            observed: before.clients > 0 && again > 0,
            evidence: `of ${before.clients} connections to ${partTitles[part]} so many were reset that ${again} were made anew, each reset again`,
            measures: { connectionsBefore: before.clients, connectionsMadeAnew: again },
          };
        },
        heal,
      };
    },
  });
}
