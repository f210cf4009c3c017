/**
 * The stack on this machine alone: a real redis-server, and MongoDB and Toxiproxy real where they are installed, else
 * embedded. Needs no Docker and no network.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Redis } from 'ioredis';
import { Toxiproxy } from 'toxiproxy-node-client';
import { type Clock, systemClock } from '../clock.ts';
import { MissingPartError } from '../errors.ts';
import { ProcessNotReady } from '../process/errors.ts';
import type { Reaper } from '../process/reaper.ts';
import type {
  Availability,
  Capability,
  PartDescription,
  Stack,
  StackOptions,
  StackPart,
  StackProvider,
  UnexpectedExit,
} from './contract.ts';
import { fetchMongod } from './fetch-mongod.ts';
import { OwnStack, ownCapabilities } from './own-stack.ts';
import { mongoLaunch, openMongo } from './mongo-launch.ts';
import { type PartLaunch, PartServer } from './part-server.ts';
import {
  chooseMongo,
  chooseRedis,
  chooseToxiproxy,
  type Environment,
  type LocalPrograms,
  type Program,
} from './programs.ts';
import { createLoopbackProxy, toxiproxyVersion } from './proxies.ts';
import { redisLaunch } from './redis-launch.ts';
import { canStepDown } from './step-down.ts';
import { toxiproxyLaunch, toxiproxyUrl } from './toxiproxy-launch.ts';

export interface LocalProviderOptions {
  readonly reaper: Reaper;
  readonly clock?: Clock;
  /** Names the programs to use: `REDCLIFF_REDIS`, `REDCLIFF_MONGO`, `REDCLIFF_TOXIPROXY`, `PATH`. */
  readonly environment?: Environment;
  readonly programs?: LocalPrograms;
}

const proxyNames = { redis: 'redis', mongo: 'mongo' } as const;

export function localProvider(options: LocalProviderOptions): StackProvider {
  const clock = options.clock ?? systemClock;
  const { environment = process.env, programs: named = {} } = options;
  return {
    name: 'local',
    offers: offersOf(environment, named),
    probe: () => Promise.resolve(probe(environment, named)),
    start: async (stackOptions) => {
      const programs = choosePrograms(environment, named);
      const mongo = programs.mongo.toBeFetched ? await fetchMongod(environment, clock) : programs.mongo;
      return await startLocalStack({ ...programs, mongo }, options.reaper, clock, stackOptions);
    },
  };
}

function offersOf(environment: Environment, named: LocalPrograms): ReadonlySet<Capability> {
  const toxiproxy = chooseToxiproxy(environment, named);
  const isEmbedded = toxiproxy.found && toxiproxy.program.kind === 'embedded';
  return new Set<Capability>([
    ...ownCapabilities,
    'mongo-step-down',
    ...(isEmbedded ? (['toxiproxy-extensions'] as const) : []),
  ]);
}

function probe(environment: Environment, named: LocalPrograms): Availability {
  for (const chooseOne of [chooseRedis, chooseMongo, chooseToxiproxy]) {
    const choice = chooseOne(environment, named);
    if (!choice.found) return { available: false, reason: choice.reason, remedy: choice.remedy };
  }
  return { available: true };
}

export type Programs = Readonly<Record<StackPart, Program>>;

function choosePrograms(environment: Environment, named: LocalPrograms): Programs {
  return {
    redis: required(chooseRedis(environment, named)),
    mongo: required(chooseMongo(environment, named)),
    toxiproxy: required(chooseToxiproxy(environment, named)),
  };
}

function required(choice: ReturnType<typeof chooseRedis>): Program {
  if (choice.found) return choice.program;
  throw new MissingPartError(choice.reason, choice.remedy);
}

/** With the programs given, whatever is installed here. */
export async function startLocalStack(
  programs: Programs,
  reaper: Reaper,
  clock: Clock,
  options: StackOptions,
): Promise<Stack> {
  await using started = new AsyncDisposableStack();
  const exits: UnexpectedExit[] = [];
  const logFolder = options.logFolder ?? options.folder;
  await mkdir(logFolder, { recursive: true });
  const logs: Record<StackPart, string> = {
    redis: path.join(logFolder, 'redis.log'),
    mongo: path.join(logFolder, 'mongo.log'),
    toxiproxy: path.join(logFolder, 'toxiproxy.log'),
  };
  const launchPart = async (launch: PartLaunch): Promise<PartServer> => {
    const server = await PartServer.start({
      launch,
      dataFolder: path.join(options.folder, `${launch.part}-data`),
      logFile: logs[launch.part],
      reaper,
      clock,
      signal: options.signal,
      onUnexpectedExit: (exit) => exits.push(exit),
    }).catch((error: unknown) => {
      throw programFailed(programs[launch.part], error);
    });
    return started.use(server);
  };
  // All of them are waited for, so that none that is still starting escapes the clean-up.
  const [redis, mongo, toxiproxy] = await allOrNone([
    launchPart(redisLaunch(programs.redis)),
    launchPart(mongoLaunch(programs.mongo, clock)),
    launchPart(toxiproxyLaunch(programs.toxiproxy, options.seed)),
  ] as const);

  const client = new Toxiproxy(toxiproxyUrl(toxiproxy.port));
  const proxied = {
    redis: await createLoopbackProxy(
      client,
      { name: proxyNames.redis, upstream: `127.0.0.1:${redis.port}` },
      clock,
    ),
    mongo: await createLoopbackProxy(
      client,
      { name: proxyNames.mongo, upstream: `127.0.0.1:${mongo.port}` },
      clock,
    ),
  };
  const endpoints = {
    redis: { direct: redisUri(redis.port), proxied: redisUri(proxied.redis) },
    mongo: { direct: mongoUri(mongo.port), proxied: mongoUri(proxied.mongo) },
    toxiproxyApi: toxiproxyUrl(toxiproxy.port),
    proxyNames,
  };
  const parts = {
    redis: describe(programs.redis, await redisVersion(endpoints.redis.direct)),
    mongo: describe(programs.mongo, await mongoVersion(endpoints.mongo.direct)),
    toxiproxy: describe(programs.toxiproxy, await toxiproxyVersion(client, clock)),
  };
  return new OwnStack({
    provider: 'local',
    endpoints,
    parts,
    logs,
    exits,
    redis,
    mongo,
    canStepDown: await canStepDown(endpoints.mongo.direct),
    owned: started.move(),
  });
}

/** A program of this machine that ends at once is a wrong program, not a failure of the harness. */
function programFailed({ kind, command, source }: Program, error: unknown): unknown {
  if (kind === 'embedded' || !(error instanceof ProcessNotReady) || error.timedOut) return error;
  return new MissingPartError(
    `${command} (${source}) cannot be used: ${error.message}`,
    `name another program, or omit it; ${error.hint}`,
    { cause: error },
  );
}

async function allOrNone<T extends readonly Promise<unknown>[]>(
  starting: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(starting);
  return await Promise.all(starting);
}

function describe(program: Program, version: string): PartDescription {
  return { kind: program.kind, program: program.label, version };
}

function redisUri(port: number): string {
  return `redis://127.0.0.1:${port}`;
}

/** Without `directConnection` the driver would learn the member's own address, and go past the proxy. */
function mongoUri(port: number): string {
  return `mongodb://127.0.0.1:${port}/?directConnection=true`;
}

async function redisVersion(uri: string): Promise<string> {
  const redis = new Redis(uri, {
    lazyConnect: true,
    connectTimeout: 5_000,
    commandTimeout: 5_000,
    retryStrategy: null,
  });
  try {
    await redis.connect();
    const info = await redis.info('server');
    return /^(?:valkey|redis)_version:(\S+)/m.exec(info)?.[1] ?? 'unknown';
  } finally {
    redis.disconnect();
  }
}

async function mongoVersion(uri: string): Promise<string> {
  await using client = await openMongo(uri);
  const { version } = await client.db('admin').command({ buildInfo: 1 });
  return String(version);
}
