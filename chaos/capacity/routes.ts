/** The routes whose capacity can be asked for, in alphabetical order, and the mixes of them. */
import { UsageError } from '../errors.ts';
import type { Random } from '../random.ts';

/** What requests are drawn from. */
export interface LoadedWorld {
  readonly sessionIds: readonly string[];
  readonly generals: number;
  readonly cities: number;
  readonly nations: number;
}

export interface DrawnRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON; with one the request bears an Idempotency-Key of its own. */
  readonly body?: string;
}

export interface Route {
  readonly name: string;
  readonly title: string;
  /** Whether it changes something. */
  readonly kind: 'read' | 'write';
  draw(world: LoadedWorld, random: Random): DrawnRequest;
}

const session = (world: LoadedWorld, random: Random) => `/api/sessions/${random.pick(world.sessionIds)}`;
const get = (path: string): DrawnRequest => ({ method: 'GET', path });
const post = (path: string, body: unknown): DrawnRequest => ({
  method: 'POST',
  path,
  body: JSON.stringify(body),
});
const slots = 50;

export const routes: readonly Route[] = [
  {
    name: 'city',
    title: 'a city by its number',
    kind: 'read',
    draw: (world, random) => get(`${session(world, random)}/cities/${random.integer(1, world.cities)}`),
  },
  {
    name: 'general',
    title: 'a general by its number',
    kind: 'read',
    draw: (world, random) => get(`${session(world, random)}/generals/${random.integer(1, world.generals)}`),
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
    draw: (world, random) => get(`${session(world, random)}/nations/${random.integer(1, world.nations)}`),
  },
  {
    name: 'reserve',
    title: 'an order reserved for a later turn',
    kind: 'write',
    draw: (world, random) =>
      post(`${session(world, random)}/generals/${random.integer(1, world.generals)}/actions`, {
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
      post(`${session(world, random)}/generals/${random.integer(1, world.generals)}/actions`, {
        command: 'train',
        amount: random.integer(1, 9),
      }),
  },
];

export interface Mix {
  readonly name: string;
  readonly title: string;
  /** Routes by name with their share of the reads or of the writes. */
  readonly reads: Readonly<Record<string, number>>;
  readonly writes: Readonly<Record<string, number>>;
  /** Share of writes among all requests; null: as players do, see the model of a player. */
  readonly writeShare: number | null;
}

/** Whom a player looks at: his own general most of all, and the list of all hardly ever. */
const looks = { general: 0.55, city: 0.17, nation: 0.12, session: 0.15, generals: 0.01 };
const acts = { reserve: 0.8, train: 0.2 };

export const mixes: readonly Mix[] = [
  { name: 'players', title: 'what players do', reads: looks, writes: acts, writeShare: null },
  { name: 'reads', title: 'what players look at', reads: looks, writes: acts, writeShare: 0 },
  { name: 'writes', title: 'what players command', reads: looks, writes: acts, writeShare: 1 },
];

/** Weights by route, adding up to 1. */
export function weightsOf(mix: Mix, playersWriteShare: number): Record<string, number> {
  const writeShare = mix.writeShare ?? playersWriteShare;
  const scaled = (part: Readonly<Record<string, number>>, share: number) =>
    Object.entries(part).map(([name, weight]): [string, number] => [name, weight * share]);
  return Object.fromEntries(
    [...scaled(mix.reads, 1 - writeShare), ...scaled(mix.writes, writeShare)].filter(
      ([, weight]) => weight > 0,
    ),
  );
}

export function findRoute(name: string): Route {
  const found = routes.find((route) => route.name === name);
  if (found === undefined)
    throw new UsageError(
      `--route "${name}" does not exist`,
      `routes: ${routes.map((route) => route.name).join(', ')}`,
    );
  return found;
}

export function findMix(name: string): Mix {
  const found = mixes.find((mix) => mix.name === name);
  if (found === undefined)
    throw new UsageError(
      `--scenario "${name}" has no capacity to be asked for`,
      `mixes: ${mixes.map((mix) => mix.name).join(', ')}`,
    );
  return found;
}
