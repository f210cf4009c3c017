/** A server that accepts connections and never answers: nothing passes in either direction. */
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Observer } from '../observe/observer.ts';
import { defineFault, type Fault } from './fault.ts';
import { type NetworkedPart, type PartTraffic, partTitles, readTraffic } from './part-traffic.ts';
import { addToxics } from './toxics.ts';

/** Between two looks at whether requests that had passed the proxy before have all arrived: a pipeline of hundreds takes a while. */
const settleMs = 50;
const settleLooksMax = 20;

export function partHang(part: NetworkedPart): Fault {
  const name = `${part}-hang`;
  return defineFault({
    name,
    title: `${partTitles[part]} accepts connections and never answers`,
    needs: [],
    breaks: [part],
    proofNeeds: [],
    parameters: z.strictObject({}),
    draw: () => ({}),
    apply: async ({ stack, toxiproxy, observer, clock, signal }) => {
      // 0 never closes: silence until the toxic is removed, and then the connection ends.
      const silence = { type: 'timeout', attributes: { timeout: 0 } } as const;
      const heal = await addToxics(toxiproxy, stack.endpoints.proxyNames[part], name, [
        { ...silence, stream: 'upstream' },
        { ...silence, stream: 'downstream' },
      ]);
      try {
        const before = await settled(observer, part, clock, signal);
        return {
          effect: async () => {
            const during = await readTraffic(observer, part);
            const arrived = during.requests - before.requests;
            // What was in the sockets' buffers may still arrive: at most one request of each connection.
            const silent = arrived <= before.clients;
            return {
              observed: before.clients > 0 && before.requests > 0 && silent,
              evidence: `of ${before.clients} connections that had sent ${before.requests} requests, ${arrived} requests reached ${partTitles[part]} while it hung`,
              measures: {
                connections: before.clients,
                requestsBefore: before.requests,
                requestsDuring: arrived,
              },
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
}

async function settled(
  observer: Observer,
  part: NetworkedPart,
  clock: Clock,
  signal: AbortSignal,
): Promise<PartTraffic> {
  let traffic = await readTraffic(observer, part);
  for (let look = 0; look < settleLooksMax; look += 1) {
    await clock.sleep(settleMs, signal);
    const next = await readTraffic(observer, part);
    if (next.requests === traffic.requests) return next;
    traffic = next;
  }
  return traffic;
}
