/** What can be measured of the game's capacity: its routes, what players do, and what grows with the game. */
import { z } from 'zod';
import type {
  CapacityProfile,
  CapacityRequest,
  CapacityRoute,
  JsonObject,
  MetricSamples,
} from '../../chaos/api/index.ts';
import { readHealthBody } from '../health.ts';
import { growthCampaign } from './growth.ts';

type Draw = CapacityRoute['draw'];
type Random = Parameters<Draw>[1];

const slots = 50;
const poolSizeDefault = 20;

const worldSchema = z.looseObject({
  sessionIds: z.array(z.string()),
  generals: z.int(),
  cities: z.int(),
  nations: z.int(),
});
type World = z.infer<typeof worldSchema>;

/** Checked once and not for each request, which would cost more than sending it. */
const checkedWorlds = new WeakMap<JsonObject, World>();

function checked(world: JsonObject): World {
  const known = checkedWorlds.get(world);
  if (known !== undefined) return known;
  const parsed = worldSchema.parse(world);
  checkedWorlds.set(world, parsed);
  return parsed;
}

const session = (world: JsonObject, random: Random): string =>
  `/api/sessions/${random.pick(checked(world).sessionIds)}`;
const numbered = (world: JsonObject, random: Random, of: 'cities' | 'generals' | 'nations'): string =>
  `${session(world, random)}/${of}/${random.integer(1, checked(world)[of])}`;
const get = (path: string): CapacityRequest => ({ method: 'GET', path });
const act = (world: JsonObject, random: Random, body: object): CapacityRequest => ({
  method: 'POST',
  path: `${numbered(world, random, 'generals')}/actions`,
  body: JSON.stringify(body),
});

const read = (name: string, title: string, path: (world: JsonObject, random: Random) => string) =>
  ({ name, title, kind: 'read', draw: (world, random) => get(path(world, random)) }) satisfies CapacityRoute;
const write = (name: string, title: string, body: (random: Random) => object) =>
  ({
    name,
    title,
    kind: 'write',
    draw: (world, random) => act(world, random, body(random)),
  }) satisfies CapacityRoute;

const routes: readonly CapacityRoute[] = [
  read('city', 'a city by its number', (world, random) => numbered(world, random, 'cities')),
  read('general', 'a general by its number', (world, random) => numbered(world, random, 'generals')),
  read('generals', 'all generals of a session', (world, random) => `${session(world, random)}/generals`),
  read('nation', 'a nation by its number', (world, random) => numbered(world, random, 'nations')),
  write('reserve', 'an order reserved for a later turn', (random) => ({
    command: 'reserve',
    slot: random.integer(0, slots - 1),
    order: `order-${random.integer(0, 999_999)}`,
  })),
  read('session', 'a session', session),
  write('train', 'a general in training', (random) => ({
    command: 'train',
    amount: random.integer(1, 9),
  })),
];

const eventLoopDelay = 'nodejs_eventloop_lag_p99_seconds';

/** Shares of the reads that the cache was asked for, and what waits in the processes. */
function figures(before: readonly MetricSamples[], after: readonly MetricSamples[]) {
  const total = (samples: readonly MetricSamples[], series: string): number =>
    samples.reduce((sum, one) => sum + (one[series] ?? 0), 0);
  const grown = (series: string): number => total(after, series) - total(before, series);
  const memory = grown('opensam_cache_hits_total{layer="l1"}');
  const redis = grown('opensam_cache_hits_total{layer="l2"}');
  const reads = memory + redis + grown('opensam_cache_loads_total');
  const delays = after.flatMap((one) => one[eventLoopDelay] ?? []);
  return {
    'event loop delay p99, ms': delays.length === 0 ? null : 1_000 * Math.max(...delays),
    'reads from memory, share': reads > 0 ? memory / reads : null,
    'reads from Redis, share': reads > 0 ? redis / reads : null,
    'unconfirmed saves': after.length === 0 ? null : total(after, 'opensam_saves_unconfirmed'),
  };
}

export const capacity: CapacityProfile = {
  world: { sessions: 8, generals: 200, cities: 30, nations: 6 },
  processes: { api: 1, 'db-sync': 1 },
  serving: 'api',
  // What scenarios shorten is as long here as an installation has it.
  settings: {
    L1_TTL_SECONDS: '3',
    JOURNAL_POLL_MS: '500',
    REQUEST_DEADLINE_MS: '2000',
    SYNC_CLAIM_IDLE_MS: '5000',
    TURN_DEADLINE_MS: '60000',
    TURN_LOCK_TTL_SECONDS: '600',
    DAEMON_TICK_MS: '250',
    // Turns are measured by themselves: none may begin in the middle of a step.
    TURN_PERIOD_MS: '86400000',
  },
  routes,
  routesByDefault: ['general', 'train'],
  user: {
    noun: 'player',
    readsPerMinute: 20,
    writesPerMinute: 2,
    reads: { general: 0.55, city: 0.17, nation: 0.12, session: 0.15, generals: 0.01 },
    writes: { reserve: 0.8, train: 0.2 },
    background: { unit: 'one general taken through a turn', perMinute: 1 },
  },
  backlog: {
    title: 'saves',
    drainedBy: 'db-sync',
    read: async ({ http }) => readHealthBody((await http.get('/api/health')).body).queue,
  },
  pools: [
    {
      store: 'mongo',
      roles: ['api', 'db-sync', 'turn-processor'],
      size: ({ DATABASE_POOL_SIZE: size }) => (size === undefined ? poolSizeDefault : Number(size)),
      // The driver watches the server on a connection of its own.
      besides: 1,
    },
  ],
  metrics: { path: '/metrics', figures },
  // Values are cached under a second key, and the session's cities and nations take about as much again.
  entities: [{ collection: 'generals', perUser: 1, cached: { keys: 'general:byNo:*', keysPerEntity: 2 } }],
  roleNotes: {
    'db-sync': 'saves of one entity stay in order',
    'turn-processor': 'one session at a time each',
  },
  growth: growthCampaign,
};
