import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Toxiproxy } from 'toxiproxy-node-client';
import { systemClock } from '../clock.ts';
import { keyMatcher } from '../observe/key-patterns.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { processesOfRun } from '../process/testing/living-processes.ts';
import { startReaper } from '../process/reaper.ts';
import type { Stack, StackProvider } from './contract.ts';
import { parseExternalAddresses } from './external/addresses.ts';
import { externalProvider } from './external/external-provider.ts';
import { localProvider } from './local-provider.ts';
import { type ContractSubject, describeProvider } from './provider-contract.ts';

const ownsKey = keyMatcher(undefined);

/** The embedded parts, also on a machine with the originals installed. */
const environment = { ...process.env, REDCLIFF_MONGO: 'embedded', REDCLIFF_TOXIPROXY: 'embedded' };

interface Surroundings {
  readonly owned: AsyncDisposableStack;
  readonly runId: string;
  start(provider: StackProvider, label: string): Promise<Stack>;
  local: StackProvider;
}

async function surroundings(): Promise<Surroundings> {
  await using owned = new AsyncDisposableStack();
  const reaper = owned.use(await startReaper());
  const folder = owned.use(await temporaryFolder(reaper, 'contract'));
  const start = async (provider: StackProvider, label: string) => {
    const stackFolder = path.join(folder.path, label);
    await mkdir(stackFolder);
    return await provider.start({
      folder: stackFolder,
      seed: 'contract',
      signal: AbortSignal.timeout(60_000),
    });
  };
  return { owned: owned.move(), runId: reaper.runId, start, local: localProvider({ reaper, environment }) };
}

async function localSubject(): Promise<ContractSubject> {
  const { owned, runId, start, local } = await surroundings();
  const stack = owned.use(await start(local, 'local'));
  return {
    stack,
    end: async () => await stack[Symbol.asyncDispose](),
    remainders: async () => processesOfRun(runId).map((pid) => `process ${pid}`),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A local stack, used as an external one. */
async function externalSubject(allow?: string): Promise<ContractSubject> {
  const { owned, start, local } = await surroundings();
  const theirs = owned.use(await start(local, 'theirs'));
  const { redis, mongo, toxiproxyApi } = theirs.endpoints;
  const addresses = parseExternalAddresses({
    redis: redis.direct,
    mongo: mongo.direct,
    toxiproxy: toxiproxyApi,
    allow,
  });
  const provider = externalProvider({ addresses, clock: systemClock, ownsKey });
  const stack = owned.use(await start(provider, 'external'));
  return {
    stack,
    end: async () => await stack[Symbol.asyncDispose](),
    remainders: async () => {
      const proxies = Object.keys(await new Toxiproxy(toxiproxyApi).getAll());
      return proxies.filter((name) => name !== 'redis' && name !== 'mongo');
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

describeProvider('local', localSubject);
describeProvider('external', () => externalSubject());
describeProvider('external (with leave)', () => externalSubject('mongo-step-down,redis-configure'));
