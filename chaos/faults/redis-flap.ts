/** Redis comes and goes: unreachable for a moment, back for a moment, over and over. */
import { z } from 'zod';
import { defineFault, onlyOnce } from './fault.ts';
import { switchProxy } from './proxy-switch.ts';
import { repeatUntilHealed } from './until-healed.ts';

export const redisFlap = defineFault({
  name: 'redis-flap',
  title: 'Redis comes and goes',
  needs: [],
  breaks: ['redis'],
  proofNeeds: [],
  parameters: z.strictObject({ downMs: z.int().positive(), upMs: z.int().positive() }),
  draw: (random) => ({ downMs: random.integer(80, 350), upMs: random.integer(80, 350) }),
  apply: async ({ stack, toxiproxy, observer, clock, signal }, { downMs, upMs }) => {
    const name = stack.endpoints.proxyNames.redis;
    let flaps = 0;
    let cut = 0;
    const flapping = repeatUntilHealed(signal, async (stopping) => {
      const before = await observer.redisState();
      await switchProxy(toxiproxy, name, false);
      await clock.sleep(downMs, stopping);
      const during = await observer.redisState();
      flaps += 1;
      cut += Math.max(0, before.clients - during.clients);
      await switchProxy(toxiproxy, name, true);
      await clock.sleep(upMs, stopping);
    });
    return {
      effect: () => {
        const failure = flapping.failure();
        if (failure !== null) throw failure;
        return Promise.resolve({
          observed: flaps > 0 && cut > 0,
          evidence: `Redis was unreachable ${flaps} times for ${downMs} ms, and ${cut} connections were cut`,
          measures: { flaps, connectionsCut: cut },
        });
      },
      heal: onlyOnce(async () => {
        await flapping.stop();
        await switchProxy(toxiproxy, name, true);
      }),
    };
  },
});
