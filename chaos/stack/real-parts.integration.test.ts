import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { processesOfRun } from '../process/testing/living-processes.ts';
import { startReaper } from '../process/reaper.ts';
import type { Stack } from './contract.ts';
import { fetchMongod } from './fetch-mongod.ts';
import { localProvider } from './local-provider.ts';
import { openMongo } from './mongo-launch.ts';
import { writeRealPrograms } from './testing/real-programs.ts';

let programs: string;
beforeAll(async () => {
  programs = await mkdtemp(path.join(tmpdir(), 'redcliff-programs-'));
  await writeRealPrograms(programs);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(programs, { recursive: true });
});

async function withStack(
  environment: Readonly<Record<string, string | undefined>>,
  use: (stack: Stack) => Promise<void>,
): Promise<void> {
  await using reaper = await startReaper();
  await using folder = await temporaryFolder(reaper, 'real-parts');
  {
    await using stack = await localProvider({ reaper, environment }).start({
      folder: folder.path,
      seed: 'real',
      signal: AbortSignal.timeout(60_000),
    });
    await use(stack);
  }
  expect(processesOfRun(reaper.runId)).toEqual([]);
}

describe('a local stack', () => {
  it('takes the real programs that are on PATH, names them, and restarts them with their data', async () => {
    const environment = { ...process.env, PATH: `${programs}:${process.env['PATH'] ?? ''}` };
    await withStack(environment, async (stack) => {
      expect(stack.parts).toMatchObject({
        redis: { kind: 'real' },
        mongo: { kind: 'real', program: 'mongod' },
        toxiproxy: { kind: 'real', program: 'toxiproxy-server' },
      });
      expect(stack.capabilities.has('toxiproxy-extensions')).toBe(false);
      const insert = async () => {
        await using mongo = await openMongo(stack.endpoints.mongo.proxied);
        await mongo.db('redcliff_real').collection('kept').insertOne({ yes: true });
      };
      await insert();
      await stack.kill('mongo');
      await stack.restart('mongo');
      await using mongo = await openMongo(stack.endpoints.mongo.proxied);
      expect(await mongo.db('redcliff_real').collection('kept').countDocuments()).toBe(1);
    });
  });

  it('starts a mongod that was fetched', async () => {
    vi.stubEnv('MONGOMS_SYSTEM_BINARY', path.join(programs, 'mongod'));
    vi.stubEnv('MONGOMS_SYSTEM_BINARY_VERSION_CHECK', 'false');
    const environment = { ...process.env, REDCLIFF_MONGO: 'fetch', REDCLIFF_TOXIPROXY: 'embedded' };
    await withStack(environment, async (stack) => {
      expect(stack.parts.mongo).toMatchObject({ kind: 'real', program: 'mongod' });
      expect(stack.parts.toxiproxy.kind).toBe('embedded');
    });
    vi.unstubAllEnvs();
  });
});

it('reports that no mongod can be fetched, with the alternatives', async () => {
  vi.stubEnv('MONGOMS_DOWNLOAD_MIRROR', 'https://127.0.0.1:1');
  vi.stubEnv('MONGOMS_MAX_RETRIES', '0');
  const fetching = fetchMongod({ REDCLIFF_MONGO_VERSION: '8.0.1' }, systemClock);
  await expect(fetching).rejects.toMatchObject({
    exitStatus: 69,
    message: expect.stringMatching(/^mongod 8\.0\.1 could not be fetched: .*127\.0\.0\.1/s),
    hint: expect.stringContaining('--mongo embedded'),
  });
  vi.unstubAllEnvs();
});
