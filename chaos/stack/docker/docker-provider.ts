/**
 * The stack in containers of the original images: Redis, MongoDB as a replica set of one member or three, and Toxiproxy, in a
 * network of their own. The system knows only the ports of Toxiproxy.
 */
import path from 'node:path';
import { Toxiproxy } from 'toxiproxy-node-client';
import { type Clock, systemClock } from '../../clock.ts';
import { MissingPartError, UsageError } from '../../errors.ts';
import { newRunId } from '../../process/run-id.ts';
import type {
  Availability,
  Capability,
  PartDescription,
  Stack,
  StackOptions,
  StackPart,
  StackProvider,
  UnexpectedExit,
} from '../contract.ts';
import { openMongo } from '../mongo-launch.ts';
import type { Environment } from '../programs.ts';
import { createProxy, toxiproxyVersion } from '../proxies.ts';
import { canStepDown } from '../step-down.ts';
import { type ContainerLaunch, ContainerPart } from './container-part.ts';
import { openContainers } from './containers.ts';
import { OwnStack, ownCapabilities } from '../own-stack.ts';
import { findEngine, type EngineAddress } from './engine.ts';
import { imageOf } from './images.ts';
import { startContainerReaper } from './container-reaper.ts';
import {
  aliases,
  type LaunchContext,
  mongoLaunch,
  mongoUri,
  proxyPorts,
  reached,
  redisLaunch,
  redisPort,
  redisVersion,
  toxiproxyLaunch,
  toxiproxyPort,
} from './launches.ts';
import { memberName, mongoPort, peerName } from './replica-set.ts';
import { stackLabel } from './stack-label.ts';

export interface DockerProviderOptions {
  readonly clock?: Clock;
  readonly environment?: Environment;
  /** Members of the replica set: one is fast, three elect another primary when one steps down. */
  readonly mongoMembers?: MongoMembers;
  /** Whether images that are not there are fetched; otherwise the provider cannot be used without them. */
  readonly pull: boolean;
}

export type MongoMembers = 1 | 3;

const images = ['redis', 'mongo', 'toxiproxy'] as const;
const proxyNames = { redis: 'redis', mongo: 'mongo' } as const;

/** As the user wrote it after --mongo-members. Throws `UsageError`. */
export function parseMongoMembers(text: string | undefined): MongoMembers {
  if (text === undefined || text === '1') return 1;
  if (text === '3') return 3;
  throw new UsageError(`--mongo-members "${text}" is not possible`, 'give 1 or 3');
}

export function dockerProvider(options: DockerProviderOptions): StackProvider {
  const clock = options.clock ?? systemClock;
  const environment = options.environment ?? process.env;
  return {
    name: 'docker',
    offers: new Set<Capability>([
      ...ownCapabilities,
      'mongo-step-down',
      ...(options.mongoMembers === 3 ? (['mongo-partition'] as const) : []),
    ]),
    probe: () => probe(environment, clock, options.pull),
    start: (stackOptions) => start(environment, clock, options.mongoMembers ?? 1, stackOptions),
  };
}

async function probe(environment: Environment, clock: Clock, mayPull: boolean): Promise<Availability> {
  const engine = await findEngine(environment);
  if (!engine.found) return { available: false, reason: engine.reason, remedy: orWithout(engine.remedy) };
  if (mayPull) return { available: true };
  const containers = await openContainers(environment, clock);
  const missing = await containers.missingImages(images);
  if (missing.length === 0) return { available: true };
  return {
    available: false,
    reason: `the Docker engine at ${engine.where} does not have ${missing.join(', ')}`,
    remedy:
      missing.map((image) => `docker pull ${image}`).join(', ') + ', or --stack docker, which pulls them',
  };
}

async function start(
  environment: Environment,
  clock: Clock,
  members: MongoMembers,
  options: StackOptions,
): Promise<Stack> {
  const { signal, folder } = options;
  signal.throwIfAborted();
  const address = await requireEngine(environment);
  const containers = await openContainers(environment, clock);
  await containers.pull(images);
  signal.throwIfAborted();

  await using started = new AsyncDisposableStack();
  const label = `${stackLabel}=${newRunId()}`;
  // Disposed of last: it removes what the other owners could not.
  if (address !== null) started.use(await startContainerReaper(address, label, clock));
  const network = started.use(await containers.openNetwork(label));
  const memberNetwork =
    members === 1 ? null : started.use(await containers.openInnerNetwork(label, 'members'));
  const exits: UnexpectedExit[] = [];
  const logs = logFiles(folder);
  const context: LaunchContext = {
    host: containers.host,
    clock,
    members: memberNetwork,
    image: (name) => imageOf(name, environment),
    run: (request) => network.run(request),
  };
  const launch = async (how: ContainerLaunch): Promise<ContainerPart> =>
    started.use(
      await ContainerPart.start({
        launch: how,
        client: containers.client,
        logFile: logs[how.part],
        clock,
        signal,
        onUnexpectedExit: (exit) => exits.push(exit),
      }),
    );
  const others: ContainerPart[] = [];
  for (let index = 1; index < members; index += 1) {
    others.push(await launch(mongoLaunch(context, index, members)));
  }
  const starting = [
    launch(redisLaunch(context)),
    launch(mongoLaunch(context, 0, members)),
    launch(toxiproxyLaunch(context)),
  ] as const;
  // All of them are waited for, so that none that is still starting escapes the clean-up.
  await Promise.allSettled(starting);
  const [redis, mongo, toxiproxy] = await Promise.all(starting);

  const { host } = containers;
  const endpoints = {
    redis: {
      direct: `redis://${host}:${reached(redis.ports, redisPort)}`,
      proxied: `redis://${host}:${reached(toxiproxy.ports, proxyPorts.redis)}`,
    },
    mongo: {
      direct: mongoUri(host, reached(mongo.ports, mongoPort)),
      proxied: mongoUri(host, reached(toxiproxy.ports, proxyPorts.mongo)),
      others: others.map(({ ports }) => mongoUri(host, reached(ports, mongoPort))),
    },
    toxiproxyApi: `http://${host}:${reached(toxiproxy.ports, toxiproxyPort)}`,
    proxyNames,
  };
  const client = new Toxiproxy(endpoints.toxiproxyApi);
  const upstreams = { redis: `${aliases.redis}:${redisPort}`, mongo: `${memberName(0)}:${mongoPort}` };
  for (const part of ['redis', 'mongo'] as const) {
    const listen = `0.0.0.0:${proxyPorts[part]}`;
    await createProxy(client, { name: proxyNames[part], upstream: upstreams[part], listen }, clock);
  }
  const describe = (name: 'redis' | 'mongo' | 'toxiproxy', version: string): PartDescription => ({
    kind: 'real',
    program: imageOf(name, environment),
    version,
  });
  const parts = {
    redis: describe('redis', await redisVersion(endpoints.redis.direct)),
    mongo: describe('mongo', await mongoVersion(endpoints.mongo.direct)),
    toxiproxy: describe('toxiproxy', await toxiproxyVersion(client, clock)),
  };
  return new OwnStack({
    provider: 'docker',
    endpoints,
    parts,
    logs,
    exits,
    redis,
    mongo,
    canStepDown: await canStepDown(endpoints.mongo.direct),
    ...(memberNetwork === null
      ? {}
      : {
          memberNetwork: {
            leave: () => memberNetwork.leave(mongo.containerId),
            join: () => memberNetwork.join(mongo.containerId, peerName(0)),
          },
        }),
    owned: started.move(),
  });
}

async function requireEngine(environment: Environment): Promise<EngineAddress> {
  const engine = await findEngine(environment);
  if (!engine.found) throw new MissingPartError(engine.reason, orWithout(engine.remedy));
  return engine.address;
}

function orWithout(remedy: string): string {
  return `${remedy}; --stack local needs no engine`;
}

function logFiles(folder: string): Record<StackPart, string> {
  return {
    redis: path.join(folder, 'redis.log'),
    mongo: path.join(folder, 'mongo.log'),
    toxiproxy: path.join(folder, 'toxiproxy.log'),
  };
}

async function mongoVersion(uri: string): Promise<string> {
  await using client = await openMongo(uri);
  const { version } = await client.db('admin').command({ buildInfo: 1 });
  return String(version);
}
