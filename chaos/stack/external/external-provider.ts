/**
 * A stack that the harness does not run, given by its addresses. The harness puts two proxies of its own into that Toxiproxy and
 * takes them away again, or uses those it is told to; it neither kills anything nor empties what it did not make.
 */
import { Toxiproxy } from 'toxiproxy-node-client';
import type { Clock } from '../../clock.ts';
import type { KeyMatcher } from '../../observe/key-patterns.ts';
import { RedcliffError } from '../../errors.ts';
import { newRunId } from '../../process/run-id.ts';
import type {
  Availability,
  Capability,
  PartDescription,
  Stack,
  StackOptions,
  StackPart,
  StackProvider,
} from '../contract.ts';
import { withDeadline } from '../deadline.ts';
import { CapabilityMissing, StackFailed } from '../errors.ts';
import { isEmbeddedToxiproxy, toxiproxyVersion } from '../proxies.ts';
import { stepDownPrimary } from '../step-down.ts';
import { type ExternalAddresses, flagOf, hostAndPort, movedTo } from './addresses.ts';
import { checkAllowed } from './check-allowed.ts';
import { directUri } from './mongo-address.ts';
import { checkDatabases, emptyDatabase, findMongo, type FoundMongo, pingMongo } from './mongo-at-address.ts';
import { checkGivenProxy, placeProxy, type PlacedProxy } from './proxy-places.ts';
import { checkRedis, emptyRedis, findRedis, type FoundRedis, pingRedis } from './redis-at-address.ts';
import { scrubbed, withoutSecrets } from './secrets.ts';

export interface ExternalProviderOptions {
  readonly addresses: ExternalAddresses;
  /** Keys that belong to the target: no other is read or deleted. */
  readonly ownsKey: KeyMatcher;
  readonly clock: Clock;
}

/** For what the clients do not bound themselves. */
const probeDeadlineMs = 15_000;
/** As the local stack calls it. */
const embeddedToxiproxy = 'redcliff toxiproxy';

/** `probe` and `start` throw `ForeignData` where the harness may not work. */
export function externalProvider(options: ExternalProviderOptions): StackProvider {
  const { addresses } = options;
  return {
    name: 'external',
    offers: new Set<Capability>([...addresses.allowed, 'toxiproxy-extensions']),
    probe: () => probe(options),
    start: (stackOptions) => start(options, stackOptions),
  };
}

/** All three are tried, so that one run reports every problem. */
async function probe(options: ExternalProviderOptions): Promise<Availability> {
  const { addresses, clock } = options;
  const checks: Record<StackPart, () => Promise<unknown>> = {
    redis: () => lookAtRedis(options),
    mongo: () => lookAtMongo(addresses),
    toxiproxy: () => lookAtToxiproxy(addresses, clock),
  };
  const failureOf = async (part: StackPart): Promise<{ reason: string; remedy: string } | undefined> => {
    try {
      await withDeadline(checks[part](), probeDeadlineMs, 'the answer', clock);
      return undefined;
    } catch (error) {
      if (error instanceof RedcliffError && error.code === 'foreign_data') throw error;
      return describeFailure(part, textOf(addresses, part), error);
    }
  };
  const found = await Promise.all([failureOf('redis'), failureOf('mongo'), failureOf('toxiproxy')]);
  const failures = found.filter((failure) => failure !== undefined);
  if (failures.length === 0) return { available: true };
  const joined = (key: 'reason' | 'remedy') => failures.map((failure) => failure[key]).join('; ');
  return { available: false, reason: joined('reason'), remedy: joined('remedy') };
}

function textOf(addresses: ExternalAddresses, part: StackPart): string {
  return part === 'toxiproxy' ? addresses.toxiproxy.href : addresses[part].text;
}

function describeFailure(
  part: StackPart,
  address: string,
  error: unknown,
): { reason: string; remedy: string } {
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const words = cause instanceof Error ? cause.message : String(cause);
  return {
    reason: `${flagOf(part)} ${withoutSecrets(address)}: ${scrubbed(words, address)}`,
    remedy: `check that it runs and can be reached from here, or correct ${flagOf(part)}`,
  };
}

async function lookAtRedis({ addresses, ownsKey }: ExternalProviderOptions): Promise<FoundRedis> {
  const found = await findRedis(addresses.redis);
  await checkRedis(found.url, ownsKey, addresses.besideForeignKeys);
  return found;
}

async function lookAtMongo({ mongo }: ExternalAddresses): Promise<FoundMongo> {
  const found = await findMongo(mongo);
  await checkDatabases(directUri(found.address, found.place));
  return found;
}

async function lookAtToxiproxy(addresses: ExternalAddresses, clock: Clock): Promise<string> {
  const client = new Toxiproxy(apiUrl(addresses));
  const version = await toxiproxyVersion(client, clock);
  for (const name of [addresses.proxies.redis, addresses.proxies.mongo]) {
    if (name !== undefined) await checkGivenProxy(addresses.toxiproxy, name);
  }
  return version;
}

async function start(provider: ExternalProviderOptions, options: StackOptions): Promise<Stack> {
  const { addresses, ownsKey, clock } = provider;
  options.signal.throwIfAborted();
  const redis = await lookAtRedis(provider);
  const mongo = await lookAtMongo(addresses);
  const isEmbedded = await isEmbeddedToxiproxy(apiUrl(addresses));
  const parts: Record<StackPart, PartDescription> = {
    redis: describe('redis', redis.version),
    mongo: describe(mongo.program, mongo.version),
    toxiproxy: describe(
      isEmbedded ? embeddedToxiproxy : 'toxiproxy',
      await lookAtToxiproxy(addresses, clock),
    ),
  };
  await using made = new AsyncDisposableStack();
  const client = new Toxiproxy(apiUrl(addresses));
  // Names of its own, so that two runs can share one Toxiproxy.
  const prefix = `redcliff-${newRunId().slice(0, 8)}`;
  const place = async (part: 'redis' | 'mongo', upstream: string): Promise<PlacedProxy> =>
    made.use(
      await placeProxy({
        client,
        given: addresses.proxies[part],
        own: { name: `${prefix}-${part}`, upstream },
        api: addresses.toxiproxy,
        clock,
      }),
    );
  const redisProxy = await place('redis', hostAndPort(redis.url));
  const mongoProxy = await place('mongo', mongo.place);
  const host = addresses.toxiproxy.hostname;
  const proxiedRedis = movedTo(redis.url, host, redisProxy.port);
  const proxiedMongo = directUri(mongo.address, `${host}:${mongoProxy.port}`);
  await throughProxy('redis', addresses.redis.text, () => pingRedis(proxiedRedis));
  await throughProxy('mongo', addresses.mongo.text, () => pingMongo(proxiedMongo));
  await checkAllowed(addresses.allowed, { redis: redis.url, mongo: directUri(mongo.address, mongo.place) });
  const owned = made.move();
  const cannot = (what: string) => () => Promise.reject(new CapabilityMissing('external', what));
  const directMongo = directUri(mongo.address, mongo.place);
  const capabilities = new Set<Capability>([
    ...addresses.allowed,
    ...(isEmbedded ? (['toxiproxy-extensions'] as const) : []),
  ]);
  return {
    provider: 'external',
    endpoints: {
      redis: { direct: redis.url.href, proxied: proxiedRedis.href },
      mongo: { direct: directMongo, proxied: proxiedMongo },
      toxiproxyApi: apiUrl(addresses),
      proxyNames: { redis: redisProxy.name, mongo: mongoProxy.name },
    },
    parts,
    capabilities,
    logs: {},
    empty: async (database) => {
      await emptyRedis(redis.url, ownsKey, addresses.besideForeignKeys);
      await emptyDatabase(directMongo, database);
    },
    kill: cannot('kill a part'),
    restart: cannot('restart a part'),
    pause: cannot('pause a part'),
    resume: cannot('resume a part'),
    stepDown: capabilities.has('mongo-step-down')
      ? () => stepDownPrimary(directMongo)
      : cannot('make the primary step down'),
    partition: cannot('cut members of a replica set from each other'),
    rejoin: cannot('cut members of a replica set from each other'),
    unexpectedExits: () => [],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** With TLS, the certificate of a server has to be good for the host of Toxiproxy, where its clients find it. */
async function throughProxy(
  part: 'redis' | 'mongo',
  address: string,
  ping: () => Promise<void>,
): Promise<void> {
  try {
    await ping();
  } catch (error) {
    const words = scrubbed(error instanceof Error ? error.message : String(error), address);
    throw new StackFailed(
      `${flagOf(part)} ${withoutSecrets(address)} answers, but not through Toxiproxy: ${words}`,
      {
        hint: 'Toxiproxy has to reach that address; and with TLS, the certificate has to name the host of --toxiproxy-uri',
      },
    );
  }
}

function apiUrl({ toxiproxy }: ExternalAddresses): string {
  return toxiproxy.href.replace(/\/$/, '');
}

function describe(program: string, version: string): PartDescription {
  return { kind: 'external', program, version };
}
