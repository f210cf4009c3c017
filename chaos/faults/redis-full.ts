/** Redis has no memory left: what would need more is answered with OOM, while reads and deletions still work. */
import { z } from 'zod';
import { defineFault, onlyOnce } from './fault.ts';

/** Less than an empty Redis uses. */
const fullAtBytes = 1;

export const redisFull = defineFault({
  name: 'redis-full',
  title: 'Redis has no memory left',
  needs: ['redis-configure'],
  breaks: ['redis'],
  proofNeeds: [],
  parameters: z.strictObject({}),
  draw: () => ({}),
  apply: async ({ observer }) => {
    const { redis } = observer;
    const before = await observer.redisState();
    const limit = await settingOf('maxmemory');
    const policy = await settingOf('maxmemory-policy');
    const heal = onlyOnce(async () => {
      await redis.config('SET', 'maxmemory', limit);
      await redis.config('SET', 'maxmemory-policy', policy);
    });
    try {
      await redis.config('SET', 'maxmemory-policy', 'noeviction');
      await redis.config('SET', 'maxmemory', String(fullAtBytes));
    } catch (error) {
      await heal();
      throw error;
    }
    return {
      effect: async () => {
        const during = await observer.redisState();
        const refused = (during.errors.get('OOM') ?? 0) - (before.errors.get('OOM') ?? 0);
        return {
          observed: refused > 0,
          evidence: `Redis answered ${refused} commands with OOM`,
          measures: { commandsRefused: refused, connections: during.clients },
        };
      },
      heal,
    };

    async function settingOf(name: string): Promise<string> {
      const answer = z.tuple([z.string(), z.string()]).parse(await redis.config('GET', name));
      return answer[1];
    }
  },
});
