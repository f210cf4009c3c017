/** Redis behind a narrow line: what it sends arrives on each connection at a few kilobytes a second. */
import { z } from 'zod';
import { defineFault } from './fault.ts';
import { measureTransferMs } from './round-trip.ts';
import { addToxics } from './toxics.ts';

const bytesPerKilobyte = 1_024;
/** Time the probe's transfer takes at the rate asked for. */
const probeMs = 400;
/** A rate is kept in steps; a little less than the whole time still shows it. */
const shareOfTime = 0.7;

export const redisBandwidth = defineFault({
  name: 'redis-bandwidth',
  title: 'Redis behind a narrow line',
  needs: [],
  breaks: ['redis'],
  proofNeeds: [],
  parameters: z.strictObject({ kilobytesPerSecond: z.int().positive() }),
  draw: (random) => ({ kilobytesPerSecond: random.integer(4, 24) }),
  apply: async ({ stack, toxiproxy, observer, clock }, { kilobytesPerSecond }) => {
    const before = await observer.redisState();
    const heal = await addToxics(toxiproxy, stack.endpoints.proxyNames.redis, 'redis-bandwidth', [
      { type: 'bandwidth', stream: 'downstream', attributes: { rate: kilobytesPerSecond } },
    ]);
    return {
      effect: async () => {
        const during = await observer.redisState();
        const bytes = Math.round((kilobytesPerSecond * bytesPerKilobyte * probeMs) / 1_000);
        const transferMs = await measureTransferMs(stack.endpoints.redis.proxied, bytes, clock);
        const requests = during.requests - before.requests;
        return {
          observed: transferMs >= probeMs * shareOfTime && during.clients > 0 && requests > 0,
          evidence: `${bytes} bytes took ${transferMs.toFixed(0)} ms at ${kilobytesPerSecond} kB/s, and Redis took ${requests} requests on ${during.clients} connections meanwhile`,
          measures: { bytes, transferMs, requests, connections: during.clients },
        };
      },
      heal,
    };
  },
});
