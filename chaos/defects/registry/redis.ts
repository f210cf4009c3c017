/** Defects planted in the connections to Redis. */
import type { Defect } from '../defect.ts';

export const redisDefects: readonly Defect[] = [
  {
    name: 'commands-wait-for-redis',
    title: 'Commands wait until Redis is back, however long that takes',
    replaces: 'redis/client.ts',
    scenario: 'reads',
    outage: 'redis-down',
    breaks: ['I14'],
  },
  {
    name: 'commands-without-timeout',
    title: 'A command waits for its answer as long as the connection stands',
    replaces: 'redis/client.ts',
    scenario: 'reads',
    outage: 'redis-hang',
    breaks: ['I14'],
    // Silent for longer than a request may take.
    variant: { durationMs: 6_000, window: { applyAtMs: 1_500, healAtMs: 4_500 } },
  },
  {
    name: 'redis-given-up',
    title: 'After some failed attempts a process never tries to reach Redis again',
    replaces: 'redis/client.ts',
    scenario: 'reads',
    outage: 'redis-down',
    breaks: ['recovery'],
    variant: { window: { applyAtMs: 1_500, healAtMs: 4_000 } },
  },
];
