/** What a target says about its capacity: the requests that are measured, what a user does, and what grows with the target's data. */
import { z } from 'zod';
import type { GrowthPoint } from '../../reports/capacity/growth.ts';
import { UsageError } from '../errors.ts';
import type { Random } from '../random.ts';
import type { JsonObject, ProcessRole, TargetContext } from './target.ts';

export interface CapacityRequest {
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';
  readonly path: string;
  /** JSON; a request with one gets an Idempotency-Key of its own. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CapacityRoute {
  readonly name: string;
  readonly title: string;
  readonly kind: 'read' | 'write';
  /** One request, drawn from what `seed` returned. It is called in another thread, so it cannot use what `seed` kept in memory. */
  draw(world: JsonObject, random: Random): CapacityRequest;
}

/** What a user of the target does, for plans in users instead of requests. */
export interface UserModel {
  /** Such as `shopper`; reports and plans speak of so many of them. */
  readonly noun: string;
  /** By default the noun with an s. */
  readonly plural?: string;
  readonly readsPerMinute: number;
  readonly writesPerMinute: number;
  /** Routes by name with their share of the reads, and of the writes; shares are relative to each other. */
  readonly reads: Readonly<Record<string, number>>;
  readonly writes: Readonly<Record<string, number>>;
  /** Work that the target does by itself for each user, online or not. A growth campaign measures what a unit costs. */
  readonly background?: {
    /** One unit, such as `a cart priced anew`. */
    readonly unit: string;
    readonly perMinute: number;
  };
}

/** A mix of routes beside `users`, `reads` and `writes`, which every target has. */
export interface CapacityMix {
  readonly name: string;
  readonly title: string;
  /** Routes by name; weights are relative to each other. */
  readonly weights: Readonly<Record<string, number>>;
}

export interface BacklogState {
  /** Entries that are not drained; null when it cannot be read. */
  readonly length: number | null;
  readonly oldestAgeMs: number | null;
}

/** Work that is recorded at once and done later by a role. */
export interface Backlog {
  /** Its entries, such as `saves`. */
  readonly title: string;
  /** Role that drains it. */
  readonly drainedBy: string;
  /** An oldest entry of this age means that the role does not keep up; 2,000 by default. */
  readonly tooOldMs?: number;
  readonly read: (context: TargetContext) => Promise<BacklogState>;
}

/** Connections that each process keeps to a store of this machine. */
export interface ConnectionPool {
  readonly store: 'mongo' | 'redis';
  readonly roles: readonly string[];
  /** Connections at most, under the settings that the target is measured with. */
  readonly size: (settings: Readonly<Record<string, string>>) => number;
  /** Connections of the same process to the store that are not of the pool. */
  readonly besides?: number;
}

/** Samples of one process by series, with the labels as they were printed: `hits_total{layer="l1"}`. */
export type MetricSamples = Readonly<Record<string, number>>;

/** The target's own figures, which are recorded with each step. */
export interface TargetMetrics {
  /** Path of every serving process that answers in the text format of Prometheus. */
  readonly path: string;
  /** Figures by name, from the samples of each process before and after a step; null for one that is not known. */
  readonly figures: (
    before: readonly MetricSamples[],
    after: readonly MetricSamples[],
  ) => Readonly<Record<string, number | null>>;
}

/** Documents of which each user has some, for the sizes in plans. */
export interface CapacityEntity {
  readonly collection: string;
  readonly perUser: number;
  /** Where one document is cached: the pattern of one kind of key, and how many keys of about its size there are for each document. */
  readonly cached?: { readonly keys: string; readonly keysPerEntity: number };
}

/** What a growth campaign works with: a target that nothing else uses. */
export interface GrowthContext extends TargetContext {
  readonly seed: string;
  /**
   * Runs the work and gives the processor seconds that the processes of the target and its stores spent on it, by role. What the backlog still
   * has to do afterwards counts, unless `untilDrained` is false.
   */
  spent(
    work: () => Promise<void>,
    options?: { readonly untilDrained?: boolean },
  ): Promise<{ readonly seconds: number; readonly byRole: Readonly<Record<string, number>> }>;
  /** Waits until the backlog is empty. */
  drained(): Promise<void>;
  /** In an order drawn from the seed and the label. */
  shuffled<T>(items: readonly T[], label: string): T[];
  note(line: string): void;
}

export interface GrowthMeasurement {
  readonly dimension: string;
  readonly title: string;
  /** Of the cost. */
  readonly unit: string;
  /** At least three sizes, the largest 2.5 times the smallest; repeats are points of their own. */
  readonly points: readonly GrowthPoint[];
  /** True when the size is the number of serving processes and the cost that of one write. */
  readonly broadcast?: boolean;
}

export interface GrowthFindings {
  readonly growth: readonly GrowthMeasurement[];
  /** Processor seconds by role for one unit of background work, under the role that does it in production. */
  readonly background?: Readonly<Record<string, number>>;
}

export interface GrowthCampaign {
  readonly world: JsonObject;
  /** Number of processes by role, over the target's own. */
  readonly processes: Readonly<Record<string, number>>;
  /** Environment over the profile's settings. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly measure: (context: GrowthContext) => Promise<GrowthFindings>;
}

export interface CapacityProfile {
  readonly world: JsonObject;
  /** Number of processes by role, over the target's own. */
  readonly processes?: Readonly<Record<string, number>>;
  /** The role that takes the load; `--processes` sets how many of it run. */
  readonly serving: string;
  /** Environment over the target's settings: those of production where scenarios use others. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly routes: readonly CapacityRoute[];
  /** Routes that are measured when none is named; all by default. */
  readonly routesByDefault?: readonly string[];
  readonly user: UserModel;
  readonly mixes?: readonly CapacityMix[];
  /** Faults under which the capacity is searched again; by default Redis unreachable and Redis slow. Recovery is measured from the first. */
  readonly faults?: readonly {
    readonly name: string;
    readonly parameters?: Readonly<Record<string, unknown>>;
  }[];
  readonly backlog?: Backlog;
  readonly pools?: readonly ConnectionPool[];
  readonly metrics?: TargetMetrics;
  readonly entities?: readonly CapacityEntity[];
  /** What has to be known of several processes of a role, for plans. */
  readonly roleNotes?: Readonly<Record<string, string>>;
  readonly growth?: GrowthCampaign;
}

const functionSchema = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
);
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1 to 40 lower-case letters, digits and dashes');
const text = z.string().min(1);
const perMinute = z.number().nonnegative();
const counts = z.record(z.string(), z.int().nonnegative());
const settings = z.record(z.string(), z.string());
const weights = z.record(z.string(), z.number().positive());
const world = z.record(z.string(), z.json());

export const capacitySchema = z.strictObject({
  world,
  processes: counts.optional(),
  serving: text,
  settings: settings.optional(),
  routes: z
    .array(z.strictObject({ name, title: text, kind: z.enum(['read', 'write']), draw: functionSchema }))
    .min(1),
  routesByDefault: z.array(text).min(1).optional(),
  user: z.strictObject({
    noun: text,
    plural: text.optional(),
    readsPerMinute: perMinute,
    writesPerMinute: perMinute,
    reads: weights,
    writes: weights,
    background: z.strictObject({ unit: text, perMinute }).optional(),
  }),
  mixes: z.array(z.strictObject({ name, title: text, weights })).optional(),
  faults: z
    .array(z.strictObject({ name: text, parameters: z.record(z.string(), z.unknown()).optional() }))
    .optional(),
  backlog: z
    .strictObject({
      title: text,
      drainedBy: text,
      tooOldMs: z.number().positive().optional(),
      read: functionSchema,
    })
    .optional(),
  pools: z
    .array(
      z.strictObject({
        store: z.enum(['mongo', 'redis']),
        roles: z.array(text).min(1),
        size: functionSchema,
        besides: z.int().nonnegative().optional(),
      }),
    )
    .optional(),
  metrics: z.strictObject({ path: z.string().startsWith('/'), figures: functionSchema }).optional(),
  entities: z
    .array(
      z.strictObject({
        collection: text,
        perUser: z.number().nonnegative(),
        cached: z.strictObject({ keys: text, keysPerEntity: z.number().positive() }).optional(),
      }),
    )
    .optional(),
  roleNotes: z.record(z.string(), z.string()).optional(),
  growth: z
    .strictObject({ world, processes: counts, settings: settings.optional(), measure: functionSchema })
    .optional(),
});

/** Names by which reports call what is not a role of the target. */
const reservedNames = ['harness', 'mongodb', 'redis', 'toxiproxy'];
export const mixesOfEveryTarget = ['users', 'reads', 'writes'] as const;

type Roles = Readonly<Record<string, ProcessRole>>;
type Refuse = (field: string, problem: string, remedy: string) => void;

/** Finds what refers to something that does not exist. Throws UsageError, which names the field. */
export function checkCapacity(where: string, profile: CapacityProfile, roles: Roles): void {
  const refuse: Refuse = (field, problem, remedy) => {
    throw new UsageError(`${where}, capacity.${field}: ${problem}`, remedy);
  };
  checkRoles(profile, roles, refuse);
  checkRoutes(profile, refuse);
  checkUser(profile, refuse);
}

function checkRoles(profile: CapacityProfile, roles: Roles, refuse: Refuse): void {
  const { serving, backlog, growth } = profile;
  const all = Object.keys(roles);
  const named: readonly (readonly [field: string, roles: readonly string[]])[] = [
    ['serving', [serving]],
    ['processes', Object.keys(profile.processes ?? {})],
    ['backlog.drainedBy', backlog === undefined ? [] : [backlog.drainedBy]],
    ['pools.roles', (profile.pools ?? []).flatMap((pool) => pool.roles)],
    ['roleNotes', Object.keys(profile.roleNotes ?? {})],
    ['growth.processes', Object.keys(growth?.processes ?? {})],
  ];
  for (const [field, names] of named) {
    const unknown = names.find((role) => !all.includes(role));
    if (unknown !== undefined)
      refuse(field, `"${unknown}" is not a process of the target`, `processes: ${all.join(', ')}`);
  }
  if (roles[serving]?.port === undefined)
    refuse('serving', `"${serving}" has no port`, 'name the role that serves requests, or give it a port');
  const reserved = all.find((role) => reservedNames.includes(role));
  if (reserved !== undefined)
    refuse('serving', `reports use the name of the process "${reserved}" themselves`, 'rename the process');
}

function checkRoutes(
  { routes, routesByDefault = [], user, mixes = [] }: CapacityProfile,
  refuse: Refuse,
): void {
  const kinds = new Map(routes.map((route) => [route.name, route.kind]));
  if (kinds.size < routes.length) refuse('routes', 'a name is there twice', 'rename one of them');
  const named: readonly (readonly [field: string, routes: readonly string[], kind?: 'read' | 'write'])[] = [
    ['routesByDefault', routesByDefault],
    ['user.reads', Object.keys(user.reads), 'read'],
    ['user.writes', Object.keys(user.writes), 'write'],
    ...mixes.map(({ name: mix, weights: shares }) => [`mixes.${mix}`, Object.keys(shares)] as const),
  ];
  for (const [field, names, kind] of named) {
    const unknown = names.find((route) => !kinds.has(route));
    if (unknown !== undefined)
      refuse(field, `"${unknown}" is not a route`, `routes: ${[...kinds.keys()].join(', ')}`);
    const other = names.find((route) => kind !== undefined && kinds.get(route) !== kind);
    if (other !== undefined) refuse(field, `"${other}" is not a ${kind}`, 'correct its kind, or move it');
  }
  const mixNames = [...mixesOfEveryTarget, ...mixes.map((mix) => mix.name)];
  if (new Set(mixNames).size < mixNames.length)
    refuse('mixes', 'a name is there twice', `every target has ${mixesOfEveryTarget.join(', ')}`);
}

function checkUser({ user }: CapacityProfile, refuse: Refuse): void {
  for (const kind of ['reads', 'writes'] as const) {
    const each = user[`${kind}PerMinute`];
    if (each > 0 && Object.keys(user[kind]).length === 0)
      refuse(`user.${kind}`, `is empty, but ${kind}PerMinute is ${each}`, 'name a route');
  }
  if (user.readsPerMinute + user.writesPerMinute === 0)
    refuse('user', 'neither reads nor writes', 'set readsPerMinute or writesPerMinute above 0');
}
