/** What can be measured of the game's capacity: its routes, what players do, and what grows with the game. */
import type {
  CapacityMix,
  CapacityProfile,
  CapacityRequest,
  CapacityRoute,
  JsonObject,
} from '../../chaos/api/index.ts';
import { measureGrowth } from './growth.ts';

type Draw = CapacityRoute['draw'];

const slots = 50;

function session(world: JsonObject, random: Parameters<Draw>[1]): string {
  return `/api/sessions/${random.pick(world['sessionIds'] as readonly string[])}`;
}

function numbered(
  world: JsonObject,
  of: 'cities' | 'generals' | 'nations',
  random: Parameters<Draw>[1],
): string {
  return `${session(world, random)}/${of}/${random.integer(1, world[of] as number)}`;
}

const get = (path: string): CapacityRequest => ({ method: 'GET', path });
const post = (path: string, body: unknown): CapacityRequest => ({
  method: 'POST',
  path,
  body: JSON.stringify(body),
});

const routes: readonly CapacityRoute[] = [
  {
    name: 'city',
    title: 'a city by its number',
    kind: 'read',
    draw: (world, random) => get(numbered(world, 'cities', random)),
  },
  {
    name: 'general',
    title: 'a general by its number',
    kind: 'read',
    draw: (world, random) => get(numbered(world, 'generals', random)),
  },
  {
    name: 'generals',
    title: 'the list of all generals of a session',
    kind: 'read',
    draw: (world, random) => get(`${session(world, random)}/generals`),
  },
  {
    name: 'nation',
    title: 'a nation by its number',
    kind: 'read',
    draw: (world, random) => get(numbered(world, 'nations', random)),
  },
  {
    name: 'reserve',
    title: 'an order reserved for a later turn',
    kind: 'write',
    draw: (world, random) =>
      post(`${numbered(world, 'generals', random)}/actions`, {
        command: 'reserve',
        slot: random.integer(0, slots - 1),
        order: `order-${random.integer(0, 999_999)}`,
      }),
  },
  {
    name: 'session',
    title: 'a session',
    kind: 'read',
    draw: (world, random) => get(session(world, random)),
  },
  {
    name: 'train',
    title: 'a general in training',
    kind: 'write',
    draw: (world, random) =>
      post(`${numbered(world, 'generals', random)}/actions`, {
        command: 'train',
        amount: random.integer(1, 9),
      }),
  },
];

/** Players look at their own general most of all, and at the list of all hardly ever. */
const looks = { general: 0.55, city: 0.17, nation: 0.12, session: 0.15, generals: 0.01 };
const acts = { reserve: 0.8, train: 0.2 };

const mixes: readonly CapacityMix[] = [
  { name: 'players', title: 'what players do', reads: looks, writes: acts, writeShare: null },
  { name: 'reads', title: 'what players look at', reads: looks, writes: acts, writeShare: 0 },
  { name: 'writes', title: 'what players command', reads: looks, writes: acts, writeShare: 1 },
];

export const capacity: CapacityProfile = {
  world: { sessions: 8, generals: 200, cities: 30, nations: 6 },
  processes: { api: 1, 'turn-processor': 0, 'db-sync': 1 },
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
    // Turns are measured by themselves: none comes by itself into the middle of a step.
    TURN_PERIOD_MS: '86400000',
  },
  routes,
  mixes,
  byDefault: { routes: ['general', 'train'], mixes: ['players'] },
  user: { noun: 'player', readsPerMinute: 20, writesPerMinute: 2 },
  backlog: {
    title: 'saves',
    drainedBy: 'db-sync',
    read: async ({ http }) => {
      const { body } = await http.get('/api/health');
      const queue = (
        body as { data?: { queue?: { length: number | null; oldestAgeMs: number | null } } } | null
      )?.data?.queue;
      return queue ?? { length: null, oldestAgeMs: null };
    },
  },
  growth: measureGrowth,
};
