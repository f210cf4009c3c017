/** The sample service as a target: what tests of the tool run, small enough to be started again and again. */
import { fileURLToPath } from 'node:url';
import { conclude, type Checker } from '../../../reports/checkers/checker.ts';
import { defineScenario, defineTarget, type HttpAnswer } from '../../api/index.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const server = ['node', 'server.mjs'] as const;

/** Each write adds 1 to the version of its item, so a lost write shows in the count. */
const kept: Checker = {
  invariant: 'kept',
  title: 'Acknowledged writes are kept',
  check: (history, evidence) => {
    const stored = new Map((evidence.database['items'] ?? []).map((item) => [item['_id'], item['version']]));
    const writes = history.filter(({ f }) => f === 'write');
    const acknowledged = writes.filter(({ type }) => type === 'ok');
    const findings = [...Map.groupBy(writes, ({ value }) => value['id'])].flatMap(([id, own]) => {
      const least = own.filter(({ type }) => type === 'ok').length;
      const most = least + own.filter(({ type }) => type === 'info').length;
      const version = stored.get(id);
      const count = typeof version === 'number' ? version - 1 : 0;
      if (count >= least && count <= most) return [];
      const summary = `item ${String(id)} counts ${count} writes, but ${least} to ${most} were made`;
      return [
        { definite: true, witness: () => ({ summary, operations: own.slice(-3), facts: { id, count } }) },
      ];
    });
    return conclude(kept, 'at-rest', evidence, {
      findings,
      checked: `${acknowledged.length} writes`,
      missing: acknowledged.length === 0 ? 'no write was acknowledged' : null,
    });
  },
};

function readHealth({ status, body }: HttpAnswer) {
  const queue = typeof body === 'object' && body !== null && 'queue' in body ? body.queue : null;
  return { well: status === 200, gauges: { queue: typeof queue === 'number' ? queue : null } };
}

export const target = defineTarget({
  name: 'sample',
  title: 'Items in MongoDB with a cache in Redis',
  cwd: folder,
  processes: {
    api: { command: server, count: 1, port: 'PORT', ready: { http: '/health' }, env: { ROLE: 'api' } },
    worker: { command: server, ready: { log: /^ready$/ }, env: { ROLE: 'worker' }, daemon: true },
  },
  env: ({ redis, mongo }) => ({ REDIS_URL: redis.url, MONGODB_URI: mongo.uri }),
  seed: async ({ mongo, run }) => {
    const items = Array.from({ length: Number(run.world['items']) }, (_, index) => ({
      _id: `i${index + 1}` as never,
      text: 'seeded',
      version: 1,
    }));
    await mongo.collection('items').insertMany(items);
    return run.world;
  },
  health: { path: '/health', read: readHealth, units: { queue: 'entries' } },
  atRest: async ({ redis }) => ((await redis.llen('queue')) === 0 ? true : 'the queue is not empty'),
  limits: { requestDeadlineMs: 1_000, recoveryMs: 10_000 },
  tieRequests: true,
  state: { keys: ['item:*', 'queue'] },
  scenarios: [
    defineScenario({
      name: 'items',
      title: 'Writes and reads of items',
      script: `${folder}items.k6.ts`,
      rate: 30,
      duration: '4s',
      world: { items: 8 },
      faults: {
        short: ['redis-down', 'mongo-down', 'api-killed'],
        ci: ['redis-slow'],
        smoke: ['redis-down'],
      },
      invariants: [kept],
      maxErrorRate: { none: 0.05, default: 0.9 },
    }),
  ],
  mutants: [
    {
      name: 'forgets-writes',
      title: 'Acknowledges writes that it never executes',
      edits: [{ file: 'server.mjs', find: 'await store(id, text);', replace: '' }],
      scenario: 'items',
      fault: 'none',
      breaks: ['kept'],
    },
    {
      name: 'gives-up-after-redis',
      title: 'Acknowledges writes that it does not make, once a connection to Redis was refused',
      edits: [
        {
          file: 'server.mjs',
          find: "redis.on('error', () => undefined);",
          replace: "let refused = false;\nredis.on('error', () => (refused = true));",
        },
        {
          file: 'server.mjs',
          find: 'await store(id, text);',
          replace: 'if (!refused) await store(id, text);',
        },
      ],
      scenario: 'items',
      fault: 'redis-down',
      breaks: ['kept'],
    },
  ],
});
