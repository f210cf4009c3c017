/** How each server of a docker stack is run in its container. */
import { Redis } from 'ioredis';
import { Toxiproxy } from 'toxiproxy-node-client';
import type { Clock } from '../../clock.ts';
import { toxiproxyVersion } from '../proxies.ts';
import type { ContainerLaunch, HostPorts } from './container-part.ts';
import { transactionLifetimeSeconds } from '../own-data.ts';
import type { InnerNetwork, RunRequest } from './containers.ts';
import {
  askForPrimary,
  askWhetherItAnswers,
  memberName,
  mongoPort,
  peerName,
  replicaSetName,
} from './replica-set.ts';

export const redisPort = 6_379;
export const toxiproxyPort = 8_474;
/** Ports on which Toxiproxy listens for the target, inside its container. */
export const proxyPorts = { redis: 16_379, mongo: 17_017 } as const;
/** Names in the network of the stack. */
export const aliases = { redis: 'redis', toxiproxy: 'toxiproxy' } as const;

export interface LaunchContext {
  /** Host by which published ports are reached. */
  readonly host: string;
  readonly clock: Clock;
  /** Of the members of a replica set of several. */
  readonly members: InnerNetwork | null;
  image(name: 'redis' | 'mongo' | 'toxiproxy'): string;
  /** Creates and starts a container in the network of the stack; gives its id. */
  run(request: RunRequest): Promise<string>;
}

/** Where a port of a container is reached from here. */
export function reached(ports: HostPorts, port: number): number {
  const found = ports.get(port);
  if (found === undefined) throw new Error(`port ${port} of the container is not published`);
  return found;
}

/** Data survive a kill, as those of a Redis in production would. Published on loopback only, it needs no password. */
export function redisLaunch(context: LaunchContext): ContainerLaunch {
  const options = [
    '--save',
    '',
    '--appendonly',
    'yes',
    '--appendfsync',
    'everysec',
    '--protected-mode',
    'no',
  ];
  return {
    part: 'redis',
    ports: [redisPort],
    run: (ports) =>
      context.run({
        image: context.image('redis'),
        command: ['redis-server', ...options],
        alias: aliases.redis,
        ports,
      }),
    ask: async (ports) => {
      await redisVersion(`redis://${context.host}:${reached(ports, redisPort)}`);
    },
  };
}

/** Member `index` of a replica set of `members`; the first initiates it, and has to be launched last. */
export function mongoLaunch(context: LaunchContext, index: number, members: number): ContainerLaunch {
  const { members: network } = context;
  const settings = ['--setParameter', `transactionLifetimeLimitSeconds=${transactionLifetimeSeconds}`];
  const where = ['--bind_ip_all', '--port', String(mongoPort)];
  return {
    part: 'mongo',
    ports: [mongoPort],
    run: (ports) =>
      context.run({
        image: context.image('mongo'),
        command: ['mongod', '--replSet', replicaSetName, ...where, ...settings],
        alias: memberName(index),
        ports,
        ...(network === null ? {} : { inner: { network, alias: peerName(index) } }),
      }),
    ask: async (ports) => {
      const uri = mongoUri(context.host, reached(ports, mongoPort));
      await (index === 0 ? askForPrimary(uri, members) : askWhetherItAnswers(uri));
    },
  };
}

export function toxiproxyLaunch(context: LaunchContext): ContainerLaunch {
  return {
    part: 'toxiproxy',
    ports: [toxiproxyPort, proxyPorts.redis, proxyPorts.mongo],
    run: (ports) =>
      context.run({
        image: context.image('toxiproxy'),
        command: ['-host=0.0.0.0'],
        alias: aliases.toxiproxy,
        ports,
      }),
    ask: async (ports) => {
      const client = new Toxiproxy(`http://${context.host}:${reached(ports, toxiproxyPort)}`);
      await toxiproxyVersion(client, context.clock);
    },
  };
}

/** Without `directConnection` the driver would learn the member's own address, and go past the proxy. */
export function mongoUri(host: string, port: number): string {
  return `mongodb://${host}:${port}/?directConnection=true`;
}

export async function redisVersion(uri: string): Promise<string> {
  const redis = new Redis(uri, {
    lazyConnect: true,
    connectTimeout: 5_000,
    commandTimeout: 5_000,
    retryStrategy: null,
  });
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
