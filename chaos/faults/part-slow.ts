/** A server that answers late, by a latency with jitter on everything it sends. */
import { z } from 'zod';
import { defineFault, type Fault } from './fault.ts';
import { type NetworkedPart, partTitles, readTraffic } from './part-traffic.ts';
import { measureRoundTripMs } from './round-trip.ts';
import { addToxics } from './toxics.ts';

export function partSlow(part: NetworkedPart): Fault {
  const name = `${part}-slow`;
  return defineFault({
    name,
    title: `${partTitles[part]} answers late`,
    needs: [],
    breaks: [part],
    proofNeeds: [],
    parameters: z.strictObject({ latencyMs: z.int().positive(), jitterMs: z.int().nonnegative() }),
    draw: (random) => ({ latencyMs: random.integer(40, 120), jitterMs: random.integer(0, 30) }),
    apply: async ({ stack, toxiproxy, observer, clock }, { latencyMs, jitterMs }) => {
      const before = await readTraffic(observer, part);
      const heal = await addToxics(toxiproxy, stack.endpoints.proxyNames[part], name, [
        { type: 'latency', stream: 'downstream', attributes: { latency: latencyMs, jitter: jitterMs } },
      ]);
      return {
        effect: async () => {
          const during = await readTraffic(observer, part);
          const roundTripMs = await measureRoundTripMs(part, stack.endpoints[part].proxied, clock);
          const requests = during.requests - before.requests;
          return {
            observed: roundTripMs >= latencyMs - jitterMs && during.clients > 0 && requests > 0,
            evidence: `a ping through the proxy took ${roundTripMs.toFixed(0)} ms (${latencyMs} ± ${jitterMs} ms asked for), and ${partTitles[part]} took ${requests} requests on ${during.clients} connections meanwhile`,
            measures: { roundTripMs, requests, connections: during.clients },
          };
        },
        heal,
      };
    },
  });
}
