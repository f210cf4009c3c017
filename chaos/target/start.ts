/** Starts a target on a host: every process with its environment, supervised and ready; and seeds its world. */
import { mkdir } from 'node:fs/promises';
import type { Evidence } from '../../reports/record/evidence.ts';
import type { LoadedTarget } from './load-config.ts';
import { seededRandom } from '../random.ts';
import { freePort } from '../stack/free-port.ts';
import { until } from '../until.ts';
import { HarnessError } from '../errors.ts';
import type { FaultContext } from '../api/fault.ts';
import type { JsonObject, TargetContext, TargetProcess, TargetProcesses } from '../api/context.ts';
import type { GivenAddresses, HealthReading, ProcessRole } from '../api/target.ts';
import { attachedAddresses, attachedProcesses, untilAttached } from './attached.ts';
import { addressIn, openTargetProxies, type ProxyEnds, type TargetProxies } from './dependencies.ts';
import { httpClient } from './http.ts';
import type { TargetHost } from './host.ts';
import { environmentOf, targetProcess } from './process.ts';
import { confine, type Contact } from './network/confinement.ts';
import { type GivenAddress, givenAddresses } from './unused-addresses.ts';

/** What a target is started for. */
export interface TargetOptions {
  /** Number of processes by role, over the target's own. */
  readonly processes: Readonly<Record<string, number>>;
  /** Environment over the target's own settings. */
  readonly settings: Readonly<Record<string, string>>;
  readonly database: string;
  /** Options of Node.js for single processes, by name. */
  readonly nodeOptions?: ReadonlyMap<string, readonly string[]>;
  /** Whether its processes reach the stores past the proxies: cheaper, and nothing in the network can be broken. */
  readonly direct?: boolean;
}

export interface RunningTarget extends AsyncDisposable {
  readonly target: LoadedTarget;
  readonly context: TargetContext;
  readonly processes: TargetProcesses;
  /** Base addresses by role, of the roles that have a port. */
  readonly urls: Readonly<Record<string, readonly string[]>>;
  /** Those of the first role that has a port. */
  readonly baseUrls: readonly string[];
  readonly faultContext: FaultContext;
  readonly proxyEnds: readonly ProxyEnds[];
  /** Fills the empty stores; resolves to the world of the scripts. */
  seed(run: {
    readonly name: string;
    readonly seed: string;
    readonly world: JsonObject;
  }): Promise<JsonObject>;
  /** Null when the target has no health probe. */
  health(): Promise<HealthReading | null>;
  /** Processes that ended unexpectedly. */
  unexpectedExits(): readonly string[];
  /** Which addresses its processes were given, and whether they used them; null where that is not known. */
  addresses(): Promise<readonly GivenAddress[] | null>;
  /** Places beside its stores that its processes tried to reach. */
  contacts(): readonly Contact[];
  /** Connections that each process has open to each store; null where that is not known. */
  connections(): Promise<NonNullable<Evidence['connections']> | null>;
}

const pollMs = 100;

/** Throws HarnessError and ProcessNotReady; then nothing is left running. */
export async function startTarget(
  target: LoadedTarget,
  options: TargetOptions,
  host: TargetHost,
): Promise<RunningTarget> {
  const { clock, signal, observer, stack } = host;
  const exits: string[] = [];
  const all: TargetProcess[] = [];
  const environments = new Map<string, Readonly<Record<string, string>>>();
  await using made = new AsyncDisposableStack();
  const instances = instancesOf(target, options.processes);
  const proxies = made.use(await openTargetProxies(target, instances, host));
  const network = made.use(
    await confine({
      // What runs already, or is measured without proxies, is left alone.
      network: target.attach === undefined && options.direct !== true ? target.network : 'open',
      hosts: [stack.endpoints.redis.proxied, stack.endpoints.mongo.proxied].map((url) => addressIn(url).host),
      ports: proxies.ports,
      instances: instances.map(({ name }) => name),
      logFolder: host.logFolder,
      clock,
    }),
  );
  if (host.tiesFolder !== undefined) await mkdir(host.tiesFolder, { recursive: true });
  for (const { name, role: roleName, process: role } of instances) {
    const given = addressesOf(host, proxies, options, name, roleName);
    const environment = {
      ...network.environmentOf(name),
      ...environmentOf(role, given, { ...target.settings, ...options.settings }, target.env),
    };
    environments.set(name, environment);
    all.push(
      targetProcess({
        name,
        roleName,
        role,
        folder: host.folder ?? target.folder,
        port: role.port === undefined ? null : await freePort(),
        environment,
        nodeOptions: [
          ...network.nodeOptionsOf(name),
          ...(options.nodeOptions?.get(name) ?? []),
          ...tieOptions(host, proxies, name),
        ],
        host,
        onUnexpectedExit: (description) => exits.push(description),
      }),
    );
  }
  const owned = [...all];
  const stopAll = async (): Promise<void> => {
    await Promise.all(owned.map((process) => process.stop()));
  };
  if (target.attach !== undefined) {
    all.push(...attachedProcesses(target.attach));
    await untilAttached(target.attach, all, proxies, host);
  }
  try {
    // All at once, as a deployment starts them; when one does not get ready, the others are waited for and ended.
    const started = await Promise.allSettled(owned.map((process) => process.start()));
    const failed = started.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  } catch (error) {
    await stopAll();
    throw error;
  }
  const resources = made.move();
  const processes: TargetProcesses = {
    all,
    withRole: (role) => all.filter((process) => process.role === role),
    find: (name) => all.find((process) => process.name === name),
  };
  const urls = target.attach === undefined ? urlsOf(target.processes, processes) : urlsByRole(all);
  const baseUrls = Object.values(urls)[0] ?? [];
  const context: TargetContext = {
    processes,
    urls,
    http: httpClient(() => baseUrls[0] ?? '', signal),
    redis: observer.redis,
    mongo: observer.database,
    clock,
    signal,
    until: (condition, limitMs) => until(condition, { clock, limitMs, pollMs, signal }),
  };
  return {
    target,
    context,
    processes,
    urls,
    baseUrls,
    faultContext: { stack, proxies: proxies.control, processes, observer, clock, signal },
    proxyEnds: proxies.ends,
    seed: (run) => seedTarget(target, context, run),
    health: async () => {
      const { health } = target;
      return health === undefined ? null : health.read(await context.http.get(health.path));
    },
    unexpectedExits: () => exits,
    addresses: async () => {
      const uses = options.direct === true ? null : await proxies.uses();
      if (uses === null) return null;
      return target.attach === undefined ? givenAddresses(uses, environments) : attachedAddresses(uses);
    },
    contacts: () => network.contacts(),
    connections: async () => {
      const uses = options.direct === true ? null : await proxies.uses();
      return uses?.map(({ instance, store, open }) => ({ instance, store, open })) ?? null;
    },
    [Symbol.asyncDispose]: async () => {
      await stopAll();
      await resources.disposeAsync();
    },
  };
}

async function seedTarget(
  target: LoadedTarget,
  context: TargetContext,
  run: { readonly name: string; readonly seed: string; readonly world: JsonObject },
): Promise<JsonObject> {
  if (target.seed === undefined) return run.world;
  try {
    const random = seededRandom(run.seed).fork('seed');
    return await target.seed({ ...context, run, random });
  } catch (error) {
    context.signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    throw new HarnessError(
      `the target could not be seeded: ${why}`,
      `see seed in ${target.configFile}, and the logs of the target in the folder of the cell`,
      { cause: error },
    );
  }
}

function urlsOf(
  roles: Readonly<Record<string, ProcessRole>>,
  processes: TargetProcesses,
): Record<string, readonly string[]> {
  const serving = Object.entries(roles).filter(([, role]) => role.port !== undefined);
  return Object.fromEntries(
    serving.map(([name]) => [name, processes.withRole(name).flatMap(({ url }) => url ?? [])]),
  );
}

function urlsByRole(all: readonly TargetProcess[]): Record<string, readonly string[]> {
  const byRole = Map.groupBy(all, ({ role }) => role);
  return Object.fromEntries([...byRole].map(([role, own]) => [role, own.flatMap(({ url }) => url ?? [])]));
}

/** The processes that are to run, with their roles. */
export function instancesOf(
  { processes }: Pick<LoadedTarget, 'processes'>,
  counts: Readonly<Record<string, number>>,
): { name: string; role: string; process: ProcessRole }[] {
  return Object.entries(processes).flatMap(([role, process]) =>
    Array.from({ length: counts[role] ?? process.count ?? 1 }, (_, index) => ({
      name: `${role}-${index + 1}`,
      role,
      process,
    })),
  );
}

function addressesOf(
  { stack }: TargetHost,
  proxies: TargetProxies,
  { database, direct = false }: TargetOptions,
  instance: string,
  role: string,
): GivenAddresses {
  const { redis, mongo } = stack.endpoints;
  const mongoUrl = direct ? mongo.direct : proxies.addressOf('mongo', instance).url;
  const withDatabase = new URL(mongoUrl);
  withDatabase.pathname = `/${database}`;
  return {
    redis: direct ? addressIn(redis.direct) : proxies.addressOf('redis', instance),
    mongo: { ...addressIn(mongoUrl), uri: withDatabase.href, database },
    to: (name) => proxies.addressOf(name, instance),
    instance,
    role,
  };
}

/** Has a Node.js process note which operation caused what it sends to its proxies. */
function tieOptions(
  { tiesFolder }: TargetHost,
  { ends }: TargetProxies,
  instance: string,
): readonly string[] {
  const ports = ends.flatMap((end) =>
    end.instance === instance && end.port !== undefined ? [end.port] : [],
  );
  if (tiesFolder === undefined || ports.length === 0) return [];
  const preload = new URL('tie-requests.mjs', import.meta.url);
  preload.searchParams.set('folder', tiesFolder);
  preload.searchParams.set('ports', ports.join(','));
  return [`--import=${preload.href}`];
}
