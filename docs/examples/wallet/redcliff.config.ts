// A wallet in Python: money is moved between accounts, and none may be lost or made.
import { conserved, defineScenario, defineTarget, exactlyOnce } from 'redcliff';

const each = 100;

const money = conserved({
  title: 'Money is neither lost nor made',
  parts: ({ database }) =>
    new Map((database['accounts'] ?? []).map(({ _id, balance }) => [String(_id), Number(balance)])),
  total: ({ initial }) => (initial?.['accounts'] ?? []).length * each,
  moves: { f: 'transfer' },
  least: 0,
});
const transferred = exactlyOnce({
  title: 'Every transfer is made once, and none that was refused',
  operations: { f: 'transfer' },
  key: 'transfer',
  effects: ({ database }) => (database['transfers'] ?? []).map(({ _id }) => String(_id)),
});

export default defineTarget({
  name: 'wallet',
  title: 'A wallet in Python on MongoDB and Redis',
  // Debian's packages python3-redis and python3-pymongo belong to Debian's own Python.
  processes: {
    api: {
      command: [process.env['PYTHON'] ?? 'python3', 'server.py'],
      count: 2,
      port: 'PORT',
      ready: { http: '/health' },
    },
  },
  env: ({ redis, mongo }) => ({ REDIS_URL: redis.url, MONGODB_URI: mongo.uri }),
  seed: async ({ mongo, run }) => {
    const ids = Array.from({ length: Number(run.world['accounts']) }, (_, index) => `a${index + 1}`);
    await mongo
      .collection<{ _id: string }>('accounts')
      .insertMany(ids.map((_id) => ({ _id, balance: each })));
    // A collection cannot be made within a transaction of an older server.
    await mongo.createCollection('transfers');
    return { accounts: ids.length };
  },
  health: { path: '/health', read: ({ status }) => ({ well: status === 200 }) },
  limits: { requestDeadlineMs: 4_000, recoveryMs: 15_000 },
  scenarios: [
    defineScenario({
      name: 'transfers',
      script: 'transfers.k6.ts',
      rate: 30,
      duration: '6s',
      world: { accounts: 20 },
      faults: ['mongo-down', 'redis-down', 'api-killed'],
      invariants: [money, transferred],
    }),
  ],
});
