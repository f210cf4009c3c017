/**
 * A target that runs already: Redcliff knows the addresses where it serves, and the target finds its stores at fixed ports where the proxies listen.
 * Faults of the network and load are the same as for a target that Redcliff starts; nothing can be done to its processes.
 */
import type { TargetProcess } from '../api/context.ts';
import type { AttachedTarget } from '../api/target.ts';
import { HarnessError, UsageError } from '../errors.ts';
import type { Observer } from '../observe/observer.ts';
import { until } from '../until.ts';
import type { ProxyUse, TargetProxies } from './dependencies.ts';
import type { TargetHost } from './host.ts';
import type { LoadedTarget } from './load-config.ts';
import type { GivenAddress } from './unused-addresses.ts';

const readyWithinMsDefault = 60_000;
const requestDeadlineMs = 1_000;
const pollMs = 100;
/** For clients that wait between two attempts to connect; one that connects with its first request does so later. */
const connectWithinMs = 5_000;

/** Throws UsageError for a command that has to start, stop or change the processes of the target. */
export function refuseAttached(
  { name, attach }: Pick<LoadedTarget, 'attach' | 'name'>,
  command: string,
): void {
  if (attach === undefined) return;
  throw new UsageError(
    `${command} needs processes that Redcliff starts, and target "${name}" is attached`,
    'describe the service with processes instead of attach; run, up, fault and heal work with attach',
  );
}

/** The database of a cell: an attached target uses its own in every cell. */
export function databaseOf({ attach }: Pick<LoadedTarget, 'attach'>, ofCell: string): string {
  return attach?.database ?? ofCell;
}

/** Removes keys and documents. Collections and their indexes stay, because the target made them when it started. */
export async function emptyAttached({ redis, database }: Observer): Promise<void> {
  await redis.flushall();
  const collections = await database.listCollections({ type: 'collection' }).toArray();
  for (const { name } of collections.filter((collection) => !collection.name.startsWith('system.')))
    await database.collection(name).deleteMany({}, { writeConcern: { w: 'majority' } });
}

/** Its addresses by role, as processes to which nothing can be done. */
export function attachedProcesses({ urls }: AttachedTarget): readonly TargetProcess[] {
  return Object.entries(urls).flatMap(([role, own]) =>
    own.map((url, index) => attachedProcess(`${role}-${index + 1}`, role, url.replace(/\/+$/, ''))),
  );
}

function attachedProcess(name: string, role: string, url: string): TargetProcess {
  const refusal = (what: string): UsageError =>
    new UsageError(
      `${name} cannot be ${what}: the target is attached, not started by Redcliff`,
      'leave the fault out, or describe the service with processes instead of attach',
    );
  const refuse = (what: string): never => {
    throw refusal(what);
  };
  return {
    name,
    role,
    url,
    logFile: '',
    running: () => true,
    start: () => Promise.reject(refusal('started')),
    pause: () => refuse('paused'),
    resume: () => refuse('resumed'),
    signal: (signal) => refuse(`sent ${signal}`),
    kill: () => Promise.reject(refusal('killed')),
    stop: () => Promise.reject(refusal('stopped')),
  };
}

/** The addresses of its stores, as the configuration of the service has to give them. */
export function addressesFor({ ports, database }: AttachedTarget): string {
  const address = (store: string, port: number): string => {
    if (store === 'redis') return `redis://127.0.0.1:${port}`;
    if (store === 'mongo') return `mongodb://127.0.0.1:${port}/${database}?directConnection=true`;
    return `127.0.0.1:${port}`;
  };
  const all = Object.entries(ports).map(([store, port]) => `${store} at ${address(store, port)}`);
  return all.length === 0 ? 'no store' : all.join(', ');
}

/** Resolves when every address serves. Throws HarnessError, which says how the target has to be configured. */
export async function untilAttached(
  attach: AttachedTarget,
  processes: readonly TargetProcess[],
  proxies: TargetProxies,
  { clock, signal }: TargetHost,
): Promise<void> {
  const path = attach.ready ?? '/';
  const limitMs = attach.readyWithinMs ?? readyWithinMsDefault;
  let last = { answer: 'not asked', late: false };
  const serves = async ({ url }: TargetProcess): Promise<boolean> => {
    const address = `${url}${path}`;
    try {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(requestDeadlineMs)]);
      const response = await fetch(address, { signal: deadline });
      await response.arrayBuffer();
      last = { answer: `it answered ${response.status}`, late: false };
      return attach.ready === undefined || response.ok;
    } catch (error) {
      signal.throwIfAborted();
      const late = error instanceof Error && error.name === 'TimeoutError';
      last = {
        answer: late ? `no answer within ${requestDeadlineMs} ms` : `no answer: ${reasonOf(error)}`,
        late,
      };
      return false;
    }
  };
  const patience = { clock, pollMs, signal } as const;
  for (const process of processes) {
    if (await until(() => serves(process), { ...patience, limitMs })) continue;
    const address = `${process.url}${path}`;
    throw new HarnessError(
      `${process.name}, attached at ${address}, was not ready within ${limitMs} ms (${last.answer})`,
      `start it, configured with ${addressesFor(attach)}; it has to connect again by itself, since its stores exist only during a run`,
      // What is refused or answered with an error was not late for want of a processor.
      { timedOut: last.late },
    );
  }
  await until(async () => ((await proxies.uses()) ?? []).every(({ open }) => open > 0), {
    ...patience,
    limitMs: connectWithinMs,
  });
}

/** Whether something has connected to each fixed port. */
export function attachedAddresses(uses: readonly ProxyUse[]): readonly GivenAddress[] {
  return uses.map(({ instance, store, address, connections }) => ({
    instance,
    store,
    variables: [`attach.ports.${store}`],
    address,
    used: connections > 0,
  }));
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
