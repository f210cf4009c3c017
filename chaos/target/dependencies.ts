/**
 * What a target depends on beside its Redis and MongoDB, and the proxies of its processes: each process reaches each store and dependency through a proxy
 * of its own, so that one can be cut off while the others are not, and so that it is known which process used which address.
 */
import { join } from 'node:path';
import { Toxiproxy } from 'toxiproxy-node-client';
import type { ProxyControl } from '../api/fault.ts';
import type { Dependency, StoreAddress } from '../api/target.ts';
import { HarnessError, UsageError } from '../errors.ts';
import { spawnSupervised } from '../process/supervised-process.ts';
import { freePort, isFree } from '../stack/free-port.ts';
import { chooseRedis } from '../stack/programs.ts';
import { createLoopbackProxy, createProxy, readCounters, removeProxy } from '../stack/proxies.ts';
import type { TargetHost } from './host.ts';
import type { LoadedTarget } from './load-config.ts';
import { executable, inForeground, readiness } from './process.ts';

/** Stands for all processes of an attached target: they share the proxies. */
export const attachedInstance = 'attached';

const loopback = '127.0.0.1';
const readyDeadlineMs = 20_000;

/** What one process made of one address that it was given. */
export interface ProxyUse {
  readonly store: string;
  readonly instance: string;
  readonly address: string;
  /** Connections that the proxy has accepted. */
  readonly connections: number;
  /** Those of them that are open. */
  readonly open: number;
}

/** What is at the two ends of a proxy; `instance` is null where all processes share it. */
export interface ProxyEnds {
  readonly name: string;
  readonly store: string;
  readonly instance: string | null;
  /** Where it listens; absent for one that all processes share. */
  readonly port?: number;
}

export interface TargetProxies extends AsyncDisposable {
  readonly control: ProxyControl;
  /** Of every proxy to a store or dependency of the target. */
  readonly ends: readonly ProxyEnds[];
  /** On which they listen on loopback. */
  readonly ports: ReadonlySet<number>;
  /** Where the process reaches the store or dependency. */
  addressOf(store: string, instance: string): StoreAddress;
  /** Null where proxies are shared by the processes, or do not count. */
  uses(): Promise<readonly ProxyUse[] | null>;
}

interface OwnProxy extends ProxyEnds {
  readonly role: string;
  readonly instance: string;
  readonly port: number;
}

/** `instances`: the processes, with their roles. Throws UsageError when the stack cannot have further proxies. */
export async function openTargetProxies(
  target: Pick<LoadedTarget, 'attach' | 'folder' | 'needs'>,
  instances: readonly { readonly name: string; readonly role: string }[],
  host: TargetHost,
): Promise<TargetProxies> {
  const { stack, clock } = host;
  const { redis, mongo, toxiproxyApi: api, proxyNames } = stack.endpoints;
  const needs = Object.entries(target.needs ?? {});
  const shared: ProxyEnds[] = (['redis', 'mongo'] as const).map((store) => ({
    name: proxyNames[store],
    store,
    instance: null,
  }));
  if (stack.provider !== 'local') {
    if (target.attach !== undefined)
      throw new UsageError(
        `attach: the ${stack.provider} stack has no proxies at fixed ports`,
        'run it with --stack local',
      );
    const [first] = needs;
    if (first !== undefined)
      throw new UsageError(
        `needs.${first[0]}: the ${stack.provider} stack has proxies for Redis and MongoDB alone`,
        'run it with --stack local',
      );
    return {
      control: {
        api,
        to: (store) => [proxyNames[store === 'redis' ? 'redis' : 'mongo']],
        processOf: () => null,
      },
      ends: shared,
      ports: new Set([redis, mongo].map(({ proxied: url }) => addressIn(url).port)),
      addressOf: (store) => addressIn(store === 'redis' ? redis.proxied : mongo.proxied),
      uses: () => Promise.resolve(null),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  await using owned = new AsyncDisposableStack();
  const upstreams = new Map([
    ['redis', new URL(redis.direct).host],
    ['mongo', new URL(mongo.direct).host],
  ]);
  for (const [name, dependency] of needs)
    upstreams.set(name, await upstreamOf(name, dependency, target.folder, host, owned));
  const client = new Toxiproxy(api);
  const proxies: OwnProxy[] = [];
  for (const [store, port] of Object.entries(target.attach?.ports ?? {})) {
    const name = `${store}-of-${attachedInstance}`;
    const upstream = upstreams.get(store);
    if (upstream === undefined) continue;
    await createFixedProxy(client, { name, upstream }, port, clock);
    owned.defer(() => removeProxy(client, name, clock));
    proxies.push({ name, store, role: attachedInstance, instance: attachedInstance, port });
  }
  for (const [store, upstream] of upstreams) {
    for (const { name: instance, role } of instances) {
      const name = `${store}-of-${instance}`;
      const port = await createLoopbackProxy(client, { name, upstream }, clock);
      owned.defer(() => removeProxy(client, name, clock));
      proxies.push({ name, store, role, instance, port });
    }
  }
  const resources = owned.move();
  const base = (store: string): string[] =>
    store === 'redis' || store === 'mongo' ? [proxyNames[store]] : [];
  return {
    control: {
      api,
      to: (store, role) => [
        ...(role === undefined ? base(store) : []),
        ...proxies
          .filter((proxy) => proxy.store === store && (role === undefined || proxy.role === role))
          .map(({ name }) => name),
      ],
      processOf: (name) => proxies.find((proxy) => proxy.name === name)?.instance ?? null,
    },
    ends: [...shared, ...proxies],
    ports: new Set(proxies.map(({ port }) => port)),
    addressOf: (store, instance) => {
      const found = proxies.find((proxy) => proxy.store === store && proxy.instance === instance);
      if (found !== undefined) return addressIn(proxied(store, found.port, redis.proxied, mongo.proxied));
      throw new UsageError(
        `env: to("${store}") is nothing that the target needs`,
        `needs: ${[...upstreams.keys()].join(', ')}`,
      );
    },
    uses: async () => (stack.capabilities.has('toxiproxy-extensions') ? await readUses(api, proxies) : null),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Throws UsageError when something else listens there. */
async function createFixedProxy(
  client: Toxiproxy,
  proxy: { readonly name: string; readonly upstream: string },
  port: number,
  clock: TargetHost['clock'],
): Promise<void> {
  const listen = `${loopback}:${port}`;
  try {
    await createProxy(client, { ...proxy, listen }, clock);
  } catch (error) {
    if (await isFree(port)) throw error;
    throw new UsageError(
      `attach.ports: another program listens at ${listen}`,
      'end that program, or use another port here and in the configuration of the service',
      { cause: error },
    );
  }
}

/** The address of the store with the port of another proxy, so that user names and options stay. */
function proxied(store: string, port: number, redis: string, mongo: string): string {
  if (store !== 'redis' && store !== 'mongo') return `tcp://${loopback}:${port}`;
  const url = new URL(store === 'redis' ? redis : mongo);
  url.port = String(port);
  return url.href.replace(/^(redis:\/\/[^/]*)\/$/, '$1');
}

export function addressIn(url: string): StoreAddress {
  const { hostname, port } = new URL(url);
  return { url, host: hostname, port: Number(port) };
}

/** `host:port` of what is behind the proxies; what had to be started belongs to `owned`. */
async function upstreamOf(
  name: string,
  dependency: Dependency,
  folder: string,
  host: TargetHost,
  owned: AsyncDisposableStack,
): Promise<string> {
  if ('tcp' in dependency) return dependency.tcp;
  const port = await freePort();
  const { reaper, clock, signal, logFolder } = host;
  const shared = { name, reaper, clock, signal, logFile: join(logFolder, `${name}.log`), readyDeadlineMs };
  if ('redis' in dependency) {
    const choice = chooseRedis(process.env);
    if (!choice.found) throw new HarnessError(`needs.${name}: ${choice.reason}`, choice.remedy);
    const { command, args, environment } = choice.program;
    const settings = ['--port', String(port), '--bind', loopback, '--save', '', '--appendonly', 'no'];
    const ready = { kind: 'tcp', host: loopback, port } as const;
    owned.use(
      await spawnSupervised({ ...shared, command, args: [...args, ...settings], env: environment, ready }),
    );
    return `${loopback}:${port}`;
  }
  const [program, ...args] = dependency.command;
  const env = { ...dependency.env, [dependency.port]: String(port) };
  owned.use(
    await spawnSupervised({
      ...shared,
      command: executable(program),
      args,
      cwd: folder,
      env,
      endedEarly: inForeground,
      ready: readiness(dependency.ready ?? { port: true }, port, { cwd: folder, env }),
    }),
  );
  return `${loopback}:${port}`;
}

async function readUses(api: string, proxies: readonly OwnProxy[]): Promise<readonly ProxyUse[]> {
  const counters = await readCounters(api);
  return proxies.map(({ name, store, instance, port }) => ({
    store,
    instance,
    address: `${loopback}:${port}`,
    connections: counters.get(name)?.accepted ?? 0,
    open: counters.get(name)?.open ?? 0,
  }));
}
