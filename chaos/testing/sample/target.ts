/** The sample service as a target: what tests of the tool run, small enough to be started again and again. */
import { fileURLToPath } from 'node:url';
import { conclude, type Checker } from '../../../reports/checkers/checker.ts';
import type { Operation } from '../../../reports/history/operation.ts';
import { defineScenario, defineTarget, type HttpAnswer } from '../../api/index.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const server = ['node', 'server.mjs'] as const;

/** What an item holds at the end comes from a write that may have been the last. */
const kept: Checker = {
  invariant: 'kept',
  title: 'Acknowledged writes are kept',
  check: (history, evidence) => {
    const stored = new Map((evidence.database['items'] ?? []).map((item) => [item['_id'], item['text']]));
    const writes = Map.groupBy(
      history.filter(({ f }) => f === 'write'),
      ({ value }) => value['id'],
    );
    let acknowledged = 0;
    const findings = [...writes].flatMap(([id, own]) => {
      const ok = own.filter(({ type }) => type === 'ok');
      acknowledged += ok.length;
      const found = stored.get(id);
      const last = Math.max(...ok.map(({ startedMs }) => startedMs));
      const explains = ({ type, value, endedMs }: Operation) =>
        value['text'] === found && (type === 'info' || (type === 'ok' && endedMs >= last));
      if (ok.length === 0 || own.some(explains)) return [];
      const summary = `item ${String(id)} holds ${JSON.stringify(found)}, which no write explains`;
      return [
        { definite: false, witness: () => ({ summary, operations: ok.slice(-3), facts: { id, found } }) },
      ];
    });
    return conclude(kept, 'at-rest', evidence, {
      findings,
      checked: `${acknowledged} writes`,
      missing: acknowledged === 0 ? 'no write was acknowledged' : null,
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
      title: 'Acknowledges writes that it never makes',
      edits: [
        { file: 'server.mjs', find: "process.env.BUG !== 'forget'", replace: "process.env.BUG === 'never'" },
      ],
      scenario: 'items',
      fault: 'none',
      breaks: ['kept'],
    },
  ],
});
