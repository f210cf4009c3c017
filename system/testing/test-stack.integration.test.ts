import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startTestStack } from './test-stack.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'opensam-stack-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

it('leaves no folder when a part does not start', async () => {
  vi.stubEnv('REDIS_SERVER', '/bin/false');
  await expect(startTestStack()).rejects.toThrow('it does not start');
  expect(await readdir(folder)).toEqual([]);
});

it('leaves no folder when it is ended', async () => {
  {
    await using stack = await startTestStack();
    expect(stack.redis.port).toBeGreaterThan(0);
    expect(await readdir(folder)).toHaveLength(1);
  }
  expect(await readdir(folder)).toEqual([]);
});
