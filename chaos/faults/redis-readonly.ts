/**
 * Redis answers every write with READONLY, as a master does that a failover has made a replica while clients still talk
 * to it. It is told to follow a master that does not exist: it keeps and serves its data, and never gets others.
 */
import { z } from 'zod';
import { defineFault, onlyOnce } from './fault.ts';

/** The TCP port multiplexer, which nobody runs any more: the connection is refused at once. */
const nobody = { host: '127.0.0.1', port: 1 } as const;

export const redisReadonly = defineFault({
  name: 'redis-readonly',
  title: 'Redis takes no writes, like a master demoted by a failover',
  needs: ['redis-configure'],
  breaks: ['redis'],
  proofNeeds: [],
  parameters: z.strictObject({}),
  draw: () => ({}),
  apply: async ({ observer }) => {
    const { redis } = observer;
    const before = await observer.redisState();
    await redis.replicaof(nobody.host, nobody.port);
    return {
      effect: async () => {
        const during = await observer.redisState();
        const refused = (during.errors.get('READONLY') ?? 0) - (before.errors.get('READONLY') ?? 0);
        return {
          observed: refused > 0,
          evidence: `Redis answered ${refused} writes with READONLY`,
          measures: { writesRefused: refused, connections: during.clients, keys: during.keys },
        };
      },
      heal: onlyOnce(async () => {
        await redis.replicaof('NO', 'ONE');
      }),
    };
  },
});
