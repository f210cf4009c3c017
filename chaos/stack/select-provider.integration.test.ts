import { describe, expect, it } from 'vitest';
import { keyMatcher } from '../observe/key-patterns.ts';
import type { Reaper } from '../process/reaper.ts';
import { freePort } from './free-port.ts';
import { selectProvider, type SelectOptions } from './select-provider.ts';

/** Without an engine, even if the machine has one. */
const environment = { ...process.env, DOCKER_HOST: 'unix:///nonexistent/docker.sock' };

/** Selecting starts nothing, so nothing may touch the reaper. */
const reaper: Reaper = {
  runId: 'none',
  pid: 0,
  environment: {},
  lost: new AbortController().signal,
  watchGroup: () => {
    throw new Error('started a process');
  },
  watchFolder: () => {
    throw new Error('made a folder');
  },
  killEverything: () => undefined,
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

function select(options: Partial<SelectOptions>, notes: string[] = []) {
  return selectProvider({
    stack: 'auto',
    external: {},
    ownsKey: keyMatcher(undefined),
    reaper,
    note: (line) => notes.push(line),
    ...options,
  });
}

describe('selectProvider', () => {
  it('refuses a stack that it does not know, and names those it does', async () => {
    await expect(select({ stack: 'cloud' })).rejects.toMatchObject({
      exitStatus: 64,
      message: '--stack "cloud" does not exist',
      hint: 'use one of auto, docker, external, local',
    });
  });

  it('refuses addresses for a local stack', async () => {
    const refusal = select({ stack: 'local', external: { redis: 'redis://127.0.0.1:6379' } });
    await expect(refusal).rejects.toMatchObject({ exitStatus: 64 });
  });

  it('refuses --mongo-members anywhere but with containers, and any number but one and three', async () => {
    await expect(select({ stack: 'local', mongoMembers: '3' })).rejects.toMatchObject({ exitStatus: 64 });
    await expect(select({ stack: 'docker', mongoMembers: '2' })).rejects.toMatchObject({
      exitStatus: 64,
      hint: 'give 1 or 3',
    });
  });

  it('takes programs that are named for the local stack alone', async () => {
    const named = { programs: { redis: '/nonexistent/redis-server' } };
    await expect(select({ stack: 'docker', ...named })).rejects.toMatchObject({ exitStatus: 64 });
    const notes: string[] = [];
    await expect(select(named, notes)).rejects.toMatchObject({ exitStatus: 69 });
    expect(notes).toEqual([expect.stringContaining('--redis "/nonexistent/redis-server"')]);
  });

  it('says that no engine answers, with exit 69, and falls back to nothing', async () => {
    await expect(select({ stack: 'docker', environment })).rejects.toMatchObject({
      exitStatus: 69,
      message: expect.stringContaining('/nonexistent/docker.sock'),
      hint: expect.stringContaining('start it'),
    });
  });

  it('names the address that is missing, also when only some are given', async () => {
    const refusal = select({ external: { redis: 'redis://127.0.0.1:6379' } });
    await expect(refusal).rejects.toMatchObject({
      exitStatus: 64,
      message: expect.stringContaining('--mongo-uri'),
    });
  });

  it('names every address that cannot be reached, with exit 69', async () => {
    const [redis, mongo, toxiproxy] = [await freePort(), await freePort(), await freePort()];
    const refusal = select({
      stack: 'external',
      external: {
        redis: `redis://127.0.0.1:${redis}`,
        mongo: `mongodb://127.0.0.1:${mongo}`,
        toxiproxy: `http://127.0.0.1:${toxiproxy}`,
      },
    });
    await expect(refusal).rejects.toMatchObject({
      exitStatus: 69,
      message: expect.stringMatching(
        /--redis-uri .*ECONNREFUSED.*--mongo-uri .*ECONNREFUSED.*--toxiproxy-uri /s,
      ),
      hint: expect.stringContaining('correct --redis-uri'),
    });
  });

  it('says what a local stack lacks, with exit 69 and the remedy', async () => {
    const notes: string[] = [];
    const refusal = select(
      { environment: { ...environment, REDCLIFF_REDIS: '/nonexistent/redis-server' } },
      notes,
    );
    await expect(refusal).rejects.toMatchObject({
      exitStatus: 69,
      message: expect.stringContaining('REDCLIFF_REDIS=/nonexistent/redis-server'),
      hint: expect.stringContaining('unset it'),
    });
    expect(notes).toEqual([
      expect.stringContaining('Stack docker cannot be used: no Docker engine answers'),
      expect.stringContaining('Stack local cannot be used: REDCLIFF_REDIS'),
    ]);
  });

  it('takes the local stack where it works, and says so', async () => {
    const notes: string[] = [];
    expect((await select({ environment }, notes)).name).toBe('local');
    expect(notes).toEqual([expect.stringContaining('Stack docker cannot be used'), 'Stack: local']);
  });
});
