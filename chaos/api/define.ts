/** Checks a configuration and makes it a target with scenarios. Every mistake is reported by field before anything starts. */
import { basename } from 'node:path';
import { z } from 'zod';
import type { Checker } from '../../reports/checkers/checker.ts';
import { defaultInvariants } from '../../reports/checkers/defaults.ts';
import { parseDurationMs } from '../duration.ts';
import { UsageError } from '../errors.ts';
import { capacitySchema, checkCapacity, functionSchema, nameSchema } from './check-capacity.ts';
import type { ErrorRates, FaultSelection, Load, PhaseName, Scenario } from './scenario.ts';
import type { JsonObject } from './context.ts';
import type { TargetDefinition } from './target.ts';

/** A scenario as a user writes it; fields that are left out get defaults. */
export interface ScenarioDefinition {
  /** By default the name of the script without `.k6.ts`. */
  readonly name?: string;
  readonly title?: string;
  readonly script: string;
  /** Arrivals a second of the script's main scenario. */
  readonly rate: number;
  /** Such as `8s`; milliseconds when it is a number. */
  readonly duration: number | string;
  /** Clients that wait at once at most; by default the rate times six seconds. */
  readonly maxVus?: number;
  readonly world?: JsonObject;
  readonly processes?: Readonly<Record<string, number>>;
  readonly settings?: Readonly<Record<string, string>>;
  /** Names of faults, all of them in every suite but `smoke`, which has the first; or a selection for each suite. */
  readonly faults?: FaultSelection | readonly string[];
  readonly durationUnder?: Readonly<Record<string, number | string>>;
  readonly byDefault?: boolean;
  readonly invariants?: readonly Checker[];
  /** Largest share of operations that may go unserved: one for all, or by fault. Default: 0.05 undisturbed, 1 under a fault. */
  readonly maxErrorRate?: ErrorRates | number;
  readonly maxErrorRateInPhase?: Readonly<Partial<Record<PhaseName, ErrorRates>>>;
}

const waitingSeconds = 6;
const errorRatesByDefault: ErrorRates = { none: 0.05, default: 1 };
const duration = z.union([z.number().positive(), z.string()]);
const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const settings = z.record(z.string(), z.string());
const shares = z.record(z.string(), share);
const names = z.array(z.string());
const checker = z.custom<Checker>(
  (value) => typeof value === 'object' && value !== null && 'invariant' in value && 'check' in value,
  'must be an invariant, such as linearizable({ … })',
);

const scenarioSchema = z.strictObject({
  name: nameSchema.optional(),
  title: z.string().optional(),
  script: z.string().min(1),
  rate: z.number().positive(),
  duration,
  maxVus: z.int().positive().optional(),
  world: z.record(z.string(), z.json()).optional(),
  processes: z.record(z.string(), count).optional(),
  settings: settings.optional(),
  faults: z
    .union([
      names,
      z.strictObject({
        short: names,
        ci: names.optional(),
        full: names.optional(),
        smoke: names.optional(),
      }),
    ])
    .optional(),
  durationUnder: z.record(z.string(), duration).optional(),
  byDefault: z.boolean().optional(),
  invariants: z.array(checker).optional(),
  maxErrorRate: z.union([share, shares]).optional(),
  maxErrorRateInPhase: z
    .strictObject({ baseline: shares.optional(), fault: shares.optional(), recovery: shares.optional() })
    .optional(),
});

/** Throws UsageError, which names the scenario and the field. */
export function defineScenario(definition: ScenarioDefinition): Scenario {
  const named = typeof definition.name === 'string' ? definition.name : String(definition.script);
  const where = `scenario "${named}"`;
  refuseWrong(scenarioSchema.safeParse(definition), where);
  refuseTwice(definition.invariants ?? [], where);
  const { script, rate, maxErrorRate = errorRatesByDefault, maxErrorRateInPhase } = definition;
  const name = definition.name ?? basename(script).replace(/(?:\.k6)?\.[cm]?[jt]s$/, '');
  const ms = (field: string, value: number | string): number =>
    typeof value === 'number' ? value : parseDurationMs(`${where}, ${field}`, value);
  const load: Load = {
    durationMs: ms('duration', definition.duration),
    ratePerSecond: rate,
    maxVus: definition.maxVus ?? Math.ceil(rate * waitingSeconds),
  };
  const under = Object.entries(definition.durationUnder ?? {}).map(
    ([fault, value]) => [fault, ms(`durationUnder.${fault}`, value)] as const,
  );
  return {
    name: checkedName(name, where),
    title: definition.title ?? name,
    script,
    world: definition.world ?? {},
    processes: definition.processes ?? {},
    load,
    settings: definition.settings ?? {},
    faults: selectionOf(definition.faults ?? []),
    durationMsUnder: Object.fromEntries(under),
    byDefault: definition.byDefault ?? true,
    invariants: definition.invariants ?? [],
    maxErrorRate: typeof maxErrorRate === 'number' ? { default: maxErrorRate } : maxErrorRate,
    ...(maxErrorRateInPhase === undefined ? {} : { maxErrorRateInPhase }),
  };
}

/** Verdicts are told apart by the names of their invariants. */
function refuseTwice(invariants: readonly Checker[], where: string): void {
  const seen = new Set<string>();
  for (const { invariant } of invariants) {
    if (seen.has(invariant))
      throw new UsageError(`${where}, invariants: two are named "${invariant}"`, 'give one another name');
    seen.add(invariant);
  }
}

function selectionOf(faults: FaultSelection | readonly string[]): FaultSelection {
  if (!isList(faults)) return faults;
  return { short: faults, smoke: faults.slice(0, 1) };
}

function isList(faults: FaultSelection | readonly string[]): faults is readonly string[] {
  return Array.isArray(faults);
}

/** Marks the export of a configuration file as a target. */
const isTarget = Symbol.for('redcliff.target');

export interface Target extends TargetDefinition {
  /** None of an attached target. */
  readonly processes: NonNullable<TargetDefinition['processes']>;
  readonly env: NonNullable<TargetDefinition['env']>;
  readonly [isTarget]: true;
}

const role = z.strictObject({
  command: z.tuple([z.string().min(1)], z.string()),
  count: count.optional(),
  cwd: z.string().optional(),
  env: settings.optional(),
  port: z.string().min(1).optional(),
  ready: z
    .union([
      z.strictObject({ command: z.tuple([z.string().min(1)], z.string()) }),
      z.strictObject({ log: z.instanceof(RegExp) }),
      z.strictObject({ http: z.string().startsWith('/') }),
      z.strictObject({ port: z.literal(true) }),
      z.strictObject({ started: z.literal(true) }),
    ])
    .optional(),
  readyWithinMs: z.number().positive().optional(),
  stopWithinMs: z.number().positive().optional(),
  restartAfterMs: z.number().nonnegative().optional(),
  daemon: z.boolean().optional(),
});
const storesOfStack = ['mongo', 'redis'];
const dependency = z.union([
  z.strictObject({ tcp: z.string().regex(/^[^\s:]+:\d{1,5}$/, 'must be host:port, such as 127.0.0.1:9000') }),
  z.strictObject({ redis: z.strictObject({}) }),
  z.strictObject({
    command: role.shape.command,
    port: z.string().min(1),
    env: settings.optional(),
    ready: role.shape.ready,
  }),
]);
const attached = z.strictObject({
  urls: z
    .record(
      nameSchema,
      z
        .array(z.url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:3000' }))
        .min(1),
    )
    .refine(
      (urls) => Object.keys(urls).length > 0,
      'must name an address, such as { api: ["http://127.0.0.1:3000"] }',
    ),
  ports: z.record(z.string(), z.int().min(1).max(65_535)),
  database: z.string().regex(/^[^\s/\\."$]{1,63}$/, 'must be the name of a database'),
  ready: z.string().startsWith('/').optional(),
  readyWithinMs: z.number().positive().optional(),
});
/** What Redcliff does to processes that it starts. */
const notAttached = [
  'processes',
  'build',
  'network',
  'settings',
  'env',
  'calls',
  'mutants',
  'capacity',
] as const;
const targetSchema = z.strictObject({
  name: nameSchema,
  title: z.string().optional(),
  cwd: z.string().optional(),
  processes: z
    .record(nameSchema, role)
    .refine((roles) => Object.keys(roles).length > 0, 'must name a process')
    .optional(),
  attach: attached.optional(),
  needs: z
    .record(nameSchema, dependency)
    .refine(
      (needs) => Object.keys(needs).every((name) => !storesOfStack.includes(name)),
      'redis and mongo are there for every target: name only what is needed beside them',
    )
    .optional(),
  build: z.array(role.shape.command).optional(),
  network: z
    .union([
      z.literal('open'),
      z.array(z.string().regex(/^[^\s/]+$/, 'must be a host or host:port, such as api.example.com:443')),
    ])
    .optional(),
  settings: settings.optional(),
  env: functionSchema.optional(),
  seed: functionSchema.optional(),
  health: z
    .strictObject({
      path: z.string().startsWith('/'),
      read: functionSchema,
      units: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  watch: functionSchema.optional(),
  quiesce: functionSchema.optional(),
  atRest: functionSchema.optional(),
  settleMs: z.number().nonnegative().optional(),
  beforeFinalReads: functionSchema.optional(),
  state: z.strictObject({ collections: names.optional(), keys: names.optional() }).optional(),
  locks: names.optional(),
  fencedWrites: z.strictObject({ collections: names, reader: functionSchema }).optional(),
  tieRequests: z.boolean().optional(),
  defaultInvariants: z.literal(false).optional(),
  limits: z.record(z.string(), z.number()).optional(),
  checkOperation: functionSchema.optional(),
  simulate: functionSchema.optional(),
  notJudged: z.record(z.string(), z.string()).optional(),
  faults: z.array(z.custom((value) => typeof value === 'object' && value !== null)).optional(),
  calls: z.record(nameSchema, z.looseObject({})).optional(),
  scenarios: z.array(z.custom((value) => typeof value === 'object' && value !== null)).min(1),
  mutants: z.array(z.custom((value) => typeof value === 'object' && value !== null)).optional(),
  capacity: capacitySchema.optional(),
});

/** Throws UsageError, which names the field. */
export function defineTarget(definition: TargetDefinition): Target {
  const where = `target "${String(definition.name)}"`;
  refuseWrong(targetSchema.safeParse(definition), where);
  if (definition.attach === undefined) requireProcesses(where, definition);
  else checkAttached(where, definition, definition.attach);
  const { processes: roles = {}, env = () => ({}) } = definition;
  const seen = new Set<string>();
  for (const { name, processes } of definition.scenarios) {
    if (seen.has(name))
      throw new UsageError(`${where}, scenarios: two are named "${name}"`, 'rename one of them');
    seen.add(name);
    const unknown = Object.keys(processes).find((kind) => !(kind in roles));
    if (unknown === undefined) continue;
    throw new UsageError(
      `${where}, scenario "${name}", processes: "${unknown}" is not a process of the target`,
      `processes: ${Object.keys(roles).join(', ')}`,
    );
  }
  if (definition.capacity !== undefined) checkCapacity(where, definition.capacity, roles);
  const scenarios =
    definition.defaultInvariants === false ? definition.scenarios : definition.scenarios.map(withDefaults);
  return { ...definition, processes: roles, env, scenarios, [isTarget]: true };
}

function requireProcesses(where: string, { processes, env }: TargetDefinition): void {
  if (processes === undefined)
    throw new UsageError(
      `${where}, processes: is missing`,
      'say how the service is started, or where it runs already with attach',
    );
  if (env === undefined)
    throw new UsageError(
      `${where}, env: is missing`,
      'give the environment by which the service finds its stores',
    );
}

/** Throws UsageError for a field that only processes started by Redcliff can have, and for a port of nothing. */
function checkAttached(
  where: string,
  definition: TargetDefinition,
  { ports }: NonNullable<TargetDefinition['attach']>,
): void {
  const refused = notAttached.find((field) => definition[field] !== undefined);
  if (refused !== undefined)
    throw new UsageError(
      `${where}, ${refused}: does not go with attach, because Redcliff does not start an attached target`,
      `remove ${refused}, or describe the service with processes instead of attach`,
    );
  const stores = [...storesOfStack, ...Object.keys(definition.needs ?? {})];
  const unknown = Object.keys(ports).find((store) => !stores.includes(store));
  if (unknown !== undefined)
    throw new UsageError(
      `${where}, attach.ports.${unknown}: is nothing that the target needs`,
      `stores: ${stores.join(', ')}`,
    );
  const byPort = Map.groupBy(Object.entries(ports), ([, port]) => port);
  const twice = [...byPort.values()].find((entries) => entries.length > 1);
  if (twice !== undefined)
    throw new UsageError(
      `${where}, attach.ports: ${twice.map(([store]) => store).join(' and ')} have the same port`,
      'give each store a port of its own',
    );
}

/** An invariant of the same name takes the place of a default one. */
function withDefaults(scenario: Scenario): Scenario {
  const own = new Set(scenario.invariants.map(({ invariant }) => invariant));
  const added = defaultInvariants().filter(({ invariant }) => !own.has(invariant));
  return { ...scenario, invariants: [...scenario.invariants, ...added] };
}

export function isDefinedTarget(value: unknown): value is Target {
  return typeof value === 'object' && value !== null && isTarget in value;
}

function checkedName(name: string, where: string): string {
  const parsed = nameSchema.safeParse(name);
  if (parsed.success) return name;
  throw new UsageError(
    `${where}, name: "${name}" ${parsed.error.issues[0]?.message ?? 'is wrong'}`,
    'give the scenario another name',
  );
}

function refuseWrong(parsed: z.ZodSafeParseResult<unknown>, where: string): void {
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  if (unknown !== undefined) {
    const field = path === '' ? unknown : `${path}.${unknown}`;
    throw new UsageError(`${where}, ${field}: unknown field`, 'remove it, or correct its name');
  }
  throw new UsageError(
    `${where}${path === '' ? '' : `, ${path}`}: ${issue?.message ?? 'is wrong'}`,
    'correct the field',
  );
}
