/** Checks what a target says about its capacity, before anything starts. */
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { type CapacityProfile, mixesOfEveryTarget } from './capacity.ts';
import type { ProcessRole } from './target.ts';

export const functionSchema = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
);
export const nameSchema = z
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
    .array(
      z.strictObject({
        name: nameSchema,
        title: text,
        kind: z.enum(['read', 'write']),
        draw: functionSchema,
      }),
    )
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
  mixes: z.array(z.strictObject({ name: nameSchema, title: text, weights })).optional(),
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

/** Names that reports use for processes other than those of the target. */
const reservedNames = ['harness', 'mongodb', 'redis', 'toxiproxy'];

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
  if (kinds.size < routes.length) refuse('routes', 'two have the same name', 'rename one of them');
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
    refuse('mixes', 'two have the same name', `every target has ${mixesOfEveryTarget.join(', ')}`);
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
