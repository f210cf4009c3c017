/** Redis answers late, by a latency with jitter on everything it sends. */
import { z } from 'zod';
import { defineFault } from './fault.ts';
import { measureRoundTripMs } from './redis-round-trip.ts';

const toxicName = 'redcliff-redis-slow';

export const redisSlow = defineFault({
  name: 'redis-slow',
  title: 'Redis answers late',
  needs: [],
  parameters: z.strictObject({ latencyMs: z.int().positive(), jitterMs: z.int().nonnegative() }),
  draw: (random) => ({ latencyMs: random.integer(40, 120), jitterMs: random.integer(0, 30) }),
  apply: async ({ stack, toxiproxy, observer, clock }, { latencyMs, jitterMs }) => {
    const before = await observer.redisState();
    const proxy = await toxiproxy.get(stack.endpoints.proxyNames.redis);
    const toxic = await proxy.addToxic({
      name: toxicName,
      type: 'latency',
      stream: 'downstream',
      toxicity: 1,
      attributes: { latency: latencyMs, jitter: jitterMs },
    });
    let healed = false;
    return {
      effect: async () => {
        const [roundTripMs, during] = await Promise.all([
          measureRoundTripMs(stack.endpoints.redis.proxied, clock),
          observer.redisState(),
        ]);
        const commands = during.commandsProcessed - before.commandsProcessed;
        return {
          observed: roundTripMs >= latencyMs - jitterMs && during.clients > 0 && commands > 0,
          evidence: `a PING through the proxy took ${roundTripMs.toFixed(0)} ms (${latencyMs} ± ${jitterMs} ms asked for), and Redis served ${commands} commands meanwhile`,
          measures: { roundTripMs, commands },
        };
      },
      heal: async () => {
        if (healed) return;
        await toxic.remove();
        healed = true;
      },
    };
  },
});
