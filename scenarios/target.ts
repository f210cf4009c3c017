/** OpenSam's persistence layer as a target: its processes, its world, what it means that it is at rest, and what is judged. */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { defineTarget, type HttpAnswer, type SeedContext } from '../chaos/api/index.ts';
import { auctions } from './auctions/scenario.ts';
import { campaign } from './campaign/scenario.ts';
import { capacity } from './capacity/capacity.ts';
import { court } from './court/scenario.ts';
import { calls } from './faults/calls.ts';
import { documentDamaged } from './faults/document-damaged.ts';
import { turnProcessorKilled } from './faults/turn-processor-killed.ts';
import { turnProcessorPaused } from './faults/turn-processor-paused.ts';
import { followFencedWrites } from './fenced-writes.ts';
import { readHealthBody } from './health.ts';
import { notJudged } from './invariants/not-judged.ts';
import { simulate } from './invariants/simulation/simulate.ts';
import { valueProblem } from './invariants/values.ts';
import { locks } from './locks/scenario.ts';
import { mutants } from './mutants/registry.ts';
import { occupations } from './occupations/scenario.ts';
import { reads } from './reads/scenario.ts';
import { adminToken, limits, settings } from './settings.ts';
import { tournaments } from './tournaments/scenario.ts';
import { turns } from './turns/scenario.ts';
import { keyPatterns } from './keys.ts';
import { readEverything } from './last-reads.ts';
import { watchProgress } from './own-progress.ts';
import { finishWork } from './unfinished-work.ts';
import { writes } from './writes/scenario.ts';

const ready = { log: /"msg":"ready"/ };
const daemon = (name: string) =>
  ({ command: ['node', `system/daemons/${name}/main.ts`], ready, daemon: true }) as const;

export const target = defineTarget({
  name: 'opensam',
  title: 'OpenSam: caches, locks, transactions and daemons of a game',
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  processes: {
    api: { command: ['node', 'system/api/main.ts'], port: 'PORT', ready },
    'auction-processor': { ...daemon('auction-processor'), count: 0 },
    'battle-processor': { ...daemon('battle-processor'), count: 0 },
    // It writes what the others left, so it goes on while they are stopped.
    'db-sync': { ...daemon('db-sync'), daemon: false },
    'tournament-processor': { ...daemon('tournament-processor'), count: 0 },
    'turn-processor': { ...daemon('turn-processor'), count: 0 },
  },
  settings,
  env: ({ redis, mongo, instance }) => ({
    REDIS_URL: redis.url,
    MONGODB_URI: mongo.url,
    MONGODB_DATABASE: mongo.database,
    HOST: '127.0.0.1',
    INSTANCE_ID: instance,
  }),
  seed,
  health: {
    path: '/api/health',
    read: readHealth,
    units: { 'sync queue': 'entries', 'sync queue lag': 'ms' },
  },
  watch: watchProgress,
  quiesce: finishWork,
  atRest: async (context) => {
    const { gauges } = readHealth(await context.http.get('/api/health'));
    return gauges['sync queue'] === 0 ? true : 'the sync queue is not empty';
  },
  // L1's TTL, and the time of an invalidation.
  settleMs: limits.l1TtlMs + limits.invalidationMs,
  beforeFinalReads: readEverything,
  state: { keys: keyPatterns },
  locks: ['*:lock:*'],
  fencedWrites: followFencedWrites,
  // Its own invariants judge the same, by what this system promises.
  tieRequests: true,
  defaultInvariants: false,
  limits,
  checkOperation: valueProblem,
  // Operations enough that there is something of each kind, and no answer lost: a lost one may explain what was changed.
  simulate: (seed) => simulate(seed, 600, 0, true),
  notJudged,
  faults: [documentDamaged, turnProcessorKilled, turnProcessorPaused],
  calls,
  scenarios: [auctions, campaign, court, locks, occupations, reads, tournaments, turns, writes],
  mutants,
  capacity,
});

const worldSchema = z.looseObject({ sessions: z.int().positive() });

/** Makes the sessions through the API, and returns the owners of items: no route gives them, and a seller must be the owner. */
async function seed({ http, mongo, run }: SeedContext) {
  const { sessions, ...sizes } = worldSchema.parse(run.world);
  const sessionIds = Array.from({ length: sessions }, (_, index) => `s${index + 1}-${run.name}`);
  for (const sessionId of sessionIds) {
    const answer = await http.post(
      '/api/admin/sessions',
      { sessionId, seed: run.seed, ...sizes },
      { headers: { authorization: `Bearer ${adminToken}`, 'idempotency-key': `seed-${sessionId}` } },
    );
    if (answer.status !== 201)
      throw new Error(`session ${sessionId}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  const items = z
    .array(z.object({ session_id: z.string(), item: z.int(), owner: z.int() }))
    .parse(await mongo.collection('items').find().sort({ item: 1 }).toArray());
  const itemOwners = sessionIds.map((id) =>
    items.filter(({ session_id }) => session_id === id).map(({ owner }) => owner),
  );
  return { ...run.world, sessionIds, itemOwners };
}

function readHealth({ status, body }: HttpAnswer) {
  const { storesWell, queue } = readHealthBody(body);
  return {
    well: status === 200 && storesWell,
    gauges: { 'sync queue': queue.length, 'sync queue lag': queue.oldestAgeMs },
  };
}
