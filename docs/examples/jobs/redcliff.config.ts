// An API takes jobs into a queue in Redis; a worker does them, and keeps the results in MongoDB.
import { defineScenario, defineTarget, exactlyOnce } from 'redcliff';

const done = exactlyOnce({
  title: 'Every job that was accepted has a result',
  operations: { f: 'submit' },
  key: 'job',
  effects: ({ database }) => (database['results'] ?? []).map(({ _id }) => String(_id)),
});

export default defineTarget({
  name: 'jobs',
  title: 'Jobs by way of a queue in Redis',
  processes: {
    api: { command: ['node', 'api.js'], port: 'PORT', ready: { http: '/health' } },
    worker: { command: ['node', 'worker.js'], ready: { log: /worker started/ }, daemon: true },
  },
  env: ({ redis, mongo }) => ({ REDIS_URL: redis.url, MONGODB_URI: mongo.uri }),
  health: { path: '/health', read: ({ status }) => ({ well: status === 200 }) },
  atRest: async ({ redis }) => {
    const left = (await redis.llen('jobs:waiting')) + (await redis.llen('jobs:working'));
    return left === 0 ? true : `${left} jobs wait`;
  },
  limits: { requestDeadlineMs: 2_000, recoveryMs: 10_000 },
  scenarios: [
    defineScenario({
      name: 'work',
      title: 'Jobs are submitted and looked up',
      script: 'work.k6.ts',
      rate: 30,
      duration: '6s',
      faults: ['mongo-down', 'redis-down', 'worker-killed'],
      invariants: [done],
    }),
  ],
});
