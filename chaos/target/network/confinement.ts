/**
 * Keeps a target from what is not its stores, and names what it tried to reach: an outage that is not injected must not decide a verdict, and a test
 * must not write to a service of production. Node.js processes are refused in the process, others by a proxy; on Linux the rest is seen and named.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { linux } from '../../observe/processor-waits.ts';
import { ownModule } from '../../setup/own-files.mjs';
import { openConnections, otherPlaces, socketsOf } from './open-connections.ts';
import { isLoopback } from './places.ts';
import { startRefusingProxy } from './refusing-proxy.ts';

/** A place that a process of the target tried to reach beside its stores. */
export interface Contact {
  readonly instance: string;
  /** Such as `example.com:443`; a name alone where only the name was looked up. */
  readonly place: string;
  /** False where the connection was only seen. */
  readonly refused: boolean;
}

export interface Confinement extends AsyncDisposable {
  /** What a process gets into its environment; the target's own takes precedence. */
  environmentOf(instance: string): Readonly<Record<string, string>>;
  nodeOptionsOf(instance: string): readonly string[];
  /** So far, each once. */
  contacts(): readonly Contact[];
}

export interface ConfinementOptions {
  /** `network` of the target. */
  readonly network: 'open' | readonly string[] | undefined;
  /** Hosts of its stores, where they are not on this machine. */
  readonly hosts: readonly string[];
  /** Ports on loopback that it was given. */
  readonly ports: ReadonlySet<number>;
  readonly instances: readonly string[];
  readonly logFolder: string;
  readonly clock: Clock;
}

const lookPeriodMs = 500;
const open: Confinement = {
  environmentOf: () => ({}),
  nodeOptionsOf: () => [],
  contacts: () => [],
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

export async function confine(options: ConfinementOptions): Promise<Confinement> {
  const { network = [], hosts, instances, logFolder, clock } = options;
  if (network === 'open') return open;
  const allowed = [...network, ...hosts.filter((host) => !isLoopback(host))];
  const found = new Map<string, Contact>();
  const add = (contact: Contact): void => {
    const key = `${contact.instance} ${contact.place}`;
    // A client of a proxy is refused what it is seen to look for.
    if (found.get(key)?.refused !== true) found.set(key, contact);
  };
  const fileOf = (instance: string): string => join(logFolder, `${instance}.refused`);
  const proxy = await startRefusingProxy((instance, place) => add({ instance, place, refused: true }));
  const ports = new Set([...options.ports, Number(new URL(proxy.addressFor('any')).port)]);
  const served = new Set<number>();
  const ending = new AbortController();
  const looking = (async () => {
    while (!ending.signal.aborted) {
      await clock.sleep(lookPeriodMs, ending.signal).catch(() => undefined);
      for (const seen of look(logFolder, ports, served, instances))
        if (!allowed.includes(hostIn(seen.place)) && !allowed.includes(seen.place))
          add({ ...seen, refused: false });
    }
  })();
  return {
    environmentOf: (instance) => proxyVariables(proxy.addressFor(instance), allowed),
    nodeOptionsOf: (instance) => {
      const hook = ownModule('./refuse-connections', import.meta.url);
      hook.searchParams.set('file', fileOf(instance));
      for (const place of allowed) hook.searchParams.append('allow', place);
      return [`--import=${hook.href}`];
    },
    contacts: () => {
      for (const instance of instances)
        for (const place of linesOf(fileOf(instance))) add({ instance, place, refused: true });
      return [...found.values()];
    },
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await looking;
      await proxy[Symbol.asyncDispose]();
    },
  };
}

/** In both spellings: programs differ in which one they read. */
function proxyVariables(address: string, allowed: readonly string[]): Record<string, string> {
  const direct = ['localhost', '127.0.0.1', '::1', ...allowed.map(hostIn)].join(',');
  const variables = { HTTP_PROXY: address, HTTPS_PROXY: address, ALL_PROXY: address, NO_PROXY: direct };
  const lower = Object.entries(variables).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { ...variables, ...Object.fromEntries(lower) };
}

function hostIn(place: string): string {
  return place.replace(/:\d+$/, '');
}

/** Nothing where the machine does not report it. */
function look(
  logFolder: string,
  ports: ReadonlySet<number>,
  served: Set<number>,
  instances: readonly string[],
): ReturnType<typeof otherPlaces> {
  if (!linux.tells()) return [];
  const inodes = new Map<string, Set<string>>();
  for (const { pid, name } of linux.processesOf(logFolder)) {
    if (!instances.includes(name)) continue;
    const own = inodes.get(name) ?? new Set<string>();
    for (const inode of socketsOf(pid)) own.add(inode);
    inodes.set(name, own);
  }
  return inodes.size === 0 ? [] : otherPlaces(openConnections(), inodes, ports, served);
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    // Nothing was refused.
    return [];
  }
}

/** In words, for a terminal and the report. */
export function describeContact({ instance, place, refused }: Contact): string {
  return refused ? `${instance} tried to reach ${place}: refused` : `${instance} was connected to ${place}`;
}
