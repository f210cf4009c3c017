/** Mutants of the connections to Redis. */
import type { Mutant } from '../../chaos/api/index.ts';

export const redisMutants: readonly Mutant[] = [
  {
    name: 'commands-wait-for-redis',
    title: 'Commands wait until Redis is back, however long that takes',
    edits: [
      {
        file: 'system/redis/client.ts',
        find: 'autoResendUnfulfilledCommands: false,',
        replace: '',
      },
      {
        file: 'system/redis/client.ts',
        find: 'maxRetriesPerRequest: 0,',
        replace: 'maxRetriesPerRequest: null,',
      },
      {
        file: 'system/redis/client.ts',
        find: 'enableOfflineQueue: false,',
        replace: 'enableOfflineQueue: true,',
      },
      {
        file: 'system/redis/client.ts',
        find: 'commandTimeout: options.commandTimeoutMs,',
        replace: '',
      },
    ],
    scenario: 'writes',
    fault: 'redis-down',
    breaks: ['redcliff_unavailable'],
    // Reads leave Redis alone as soon as its connection is lost. A save that was made without it still tells it, and waits.
    variant: { window: { applyAtMs: 1_000, healAtMs: 4_200 } },
  },
  {
    name: 'commands-without-timeout',
    title: 'A command waits for its answer as long as the connection stands',
    edits: [
      {
        file: 'system/redis/client.ts',
        find: 'commandTimeout: options.commandTimeoutMs,',
        replace: '',
      },
      {
        file: 'system/redis/client.ts',
        find: 'socketTimeout: options.silenceTimeoutMs,',
        replace: '',
      },
    ],
    scenario: 'reads',
    fault: 'redis-hang',
    breaks: ['I14'],
    // Silent for longer than the deadline of a request.
    variant: { durationMs: 6_000, window: { applyAtMs: 1_500, healAtMs: 4_500 } },
  },
  {
    name: 'redis-given-up',
    title: 'After some failed attempts a process never tries to reach Redis again',
    edits: [
      {
        file: 'system/redis/client.ts',
        find: 'retryStrategy: (attempt) =>',
        replace: 'retryStrategy: (attempt) => attempt > 5 ? null :',
      },
    ],
    scenario: 'reads',
    fault: 'redis-down',
    breaks: ['recovery'],
    variant: { window: { applyAtMs: 1_500, healAtMs: 4_000 } },
  },
];
