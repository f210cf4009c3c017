/**
 * A stack that somebody else runs, given by its addresses. The harness puts two proxies of its own into that Toxiproxy and
 * takes them away again; it neither kills nor empties anything.
 */
import { Redis } from 'ioredis';
import { Toxiproxy } from 'toxiproxy-node-client';
import type { Clock } from '../clock.ts';
import { newRunId } from '../process/run-id.ts';
import type {
  Availability,
  PartDescription,
  Stack,
  StackOptions,
  StackPart,
  StackProvider,
} from './contract.ts';
import { withDeadline } from './deadline.ts';
import { CapabilityMissing } from './errors.ts';
import { type ExternalUris, flagOf, hostAndPort, movedTo, withoutPassword } from './external-uris.ts';
import { openMongo } from './mongo-launch.ts';
import { createLoopbackProxy, createProxy, removeProxy, toxiproxyVersion } from './proxies.ts';

export { type ExternalUris, parseExternalUris } from './external-uris.ts';

export interface ExternalProviderOptions {
  readonly uris: ExternalUris;
  readonly clock: Clock;
}

/** Of the clients themselves, which know the reason; the other one is for what they do not bound. */
const clientDeadlineMs = 2_500;
const probeDeadlineMs = 5_000;

export function externalProvider({ uris, clock }: ExternalProviderOptions): StackProvider {
  return {
    name: 'external',
    probe: () => probe(uris, clock),
    start: (options) => start(uris, clock, options),
  };
}

/** All three are tried, so that one run tells of all that is wrong. */
async function probe(uris: ExternalUris, clock: Clock): Promise<Availability> {
  const checks = {
    redis: redisVersion(uris.redis),
    mongo: mongoVersion(uris.mongo),
    toxiproxy: proxyVersion(uris, clock),
  };
  const failureOf = async (part: StackPart): Promise<{ reason: string; remedy: string } | undefined> => {
    try {
      await withDeadline(checks[part], probeDeadlineMs, 'the answer', clock);
      return undefined;
    } catch (error) {
      return describeFailure(part, uris[part], error);
    }
  };
  const found = await Promise.all([failureOf('redis'), failureOf('mongo'), failureOf('toxiproxy')]);
  const failures = found.filter((failure) => failure !== undefined);
  if (failures.length === 0) return { available: true };
  const joined = (key: 'reason' | 'remedy') => failures.map((failure) => failure[key]).join('; ');
  return { available: false, reason: joined('reason'), remedy: joined('remedy') };
}

function describeFailure(part: StackPart, uri: URL, error: unknown): { reason: string; remedy: string } {
  const cause = error instanceof AggregateError ? error.errors[0] : error;
  const words = cause instanceof Error ? cause.message : String(cause);
  return {
    reason: `${flagOf(part)} ${withoutPassword(uri.href)}: ${words}`,
    remedy: `see that it runs and can be reached from here, or correct ${flagOf(part)}`,
  };
}

async function start(uris: ExternalUris, clock: Clock, options: StackOptions): Promise<Stack> {
  options.signal.throwIfAborted();
  const parts: Record<StackPart, PartDescription> = {
    redis: describe('redis', await redisVersion(uris.redis)),
    mongo: describe('mongod', await mongoVersion(uris.mongo)),
    toxiproxy: describe('toxiproxy', await proxyVersion(uris, clock)),
  };
  await using made = new AsyncDisposableStack();
  const client = new Toxiproxy(apiUrl(uris));
  // Names of its own, so that two runs can share one Toxiproxy.
  const prefix = `redcliff-${newRunId().slice(0, 8)}`;
  const proxyNames = { redis: `${prefix}-redis`, mongo: `${prefix}-mongo` };
  const place = async (part: 'redis' | 'mongo'): Promise<URL> => {
    const name = proxyNames[part];
    const port = await placeProxy(client, { name, upstream: hostAndPort(uris[part]) }, uris.toxiproxy, clock);
    made.defer(() => removeProxy(client, name, clock));
    return movedTo(uris[part], uris.toxiproxy.hostname, port);
  };
  const proxiedRedis = await place('redis');
  const proxiedMongo = withDirectConnection(await place('mongo'));
  const owned = made.move();
  const cannot = (what: string) => () => Promise.reject(new CapabilityMissing('external', what));
  return {
    provider: 'external',
    endpoints: {
      redis: { direct: uris.redis.href, proxied: proxiedRedis.href },
      mongo: { direct: withDirectConnection(uris.mongo).href, proxied: proxiedMongo.href },
      toxiproxyApi: apiUrl(uris),
      proxyNames,
    },
    parts,
    capabilities: new Set(),
    logs: {},
    kill: cannot('kill a part'),
    restart: cannot('restart a part'),
    pause: cannot('pause a part'),
    resume: cannot('resume a part'),
    stepDown: cannot('make the primary step down'),
    unexpectedExits: () => [],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** On loopback where Toxiproxy is, on all addresses of its machine where it is another one. */
async function placeProxy(
  client: Toxiproxy,
  request: { readonly name: string; readonly upstream: string },
  api: URL,
  clock: Clock,
): Promise<number> {
  if (isLoopback(api.hostname)) return createLoopbackProxy(client, request, clock);
  const listen = await createProxy(client, { ...request, listen: '0.0.0.0:0' }, clock);
  return Number(listen.slice(listen.lastIndexOf(':') + 1));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.');
}

/** The driver must stay at this address, instead of asking the replica set for others. */
function withDirectConnection(uri: URL): URL {
  const direct = new URL(uri);
  direct.searchParams.delete('replicaSet');
  direct.searchParams.set('directConnection', 'true');
  if (direct.pathname === '') direct.pathname = '/';
  return direct;
}

function apiUrl(uris: ExternalUris): string {
  return uris.toxiproxy.href.replace(/\/$/, '');
}

function describe(program: string, version: string): PartDescription {
  return { kind: 'external', program, version };
}

async function redisVersion(uri: URL): Promise<string> {
  const redis = new Redis(uri.href, {
    lazyConnect: true,
    connectTimeout: clientDeadlineMs,
    commandTimeout: clientDeadlineMs,
    retryStrategy: null,
  });
  // The reason reaches the rejected connect; without a listener the error would be printed as unhandled.
  let reason: Error | undefined;
  redis.on('error', (error) => (reason = error));
  try {
    await redis.connect();
    const info = await redis.info('server');
    return /^(?:valkey|redis)_version:(\S+)/m.exec(info)?.[1] ?? 'unknown';
  } catch (error) {
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}

/** Transactions need a replica set, and writes its primary. */
async function mongoVersion(uri: URL): Promise<string> {
  await using client = await openMongo(withDirectConnection(uri).href, clientDeadlineMs);
  const admin = client.db('admin');
  const { setName, isWritablePrimary } = await admin.command({ hello: 1 });
  if (typeof setName !== 'string') throw new Error('it is no replica set, which transactions need');
  if (isWritablePrimary !== true) throw new Error(`it is not the primary of ${setName}`);
  const { version } = await admin.command({ buildInfo: 1 });
  return String(version);
}

async function proxyVersion(uris: ExternalUris, clock: Clock): Promise<string> {
  return toxiproxyVersion(new Toxiproxy(apiUrl(uris)), clock);
}
