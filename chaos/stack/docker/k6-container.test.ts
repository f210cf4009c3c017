import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import { containerUser, findK6Container, k6ContainerCommand } from './k6-container.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'redcliff-k6-container-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('runs as the user of the harness, and never as root', () => {
  expect(containerUser(1_000, 100)).toEqual({ uid: 1_000, gid: 100 });
  expect(containerUser(0, 0).uid).toBeGreaterThan(0);
  expect(containerUser(undefined, undefined).uid).toBeGreaterThan(0);
});

it('hands everything that the container is made of to its program', () => {
  const container = { engine: { socketPath: '/run/docker.sock' }, image: 'k6:1', user: containerUser(0, 0) };
  const mounts = [{ path: '/scripts', readOnly: true }];
  const { command, args } = k6ContainerCommand(container, ['run', 'a b.ts'], mounts);
  expect(command).toBe(process.execPath);
  expect(args[0]).toMatch(/k6-container-program\.ts$/);
  expect(JSON.parse(args[1] ?? '')).toEqual({ ...container, args: ['run', 'a b.ts'], mounts });
});

it('reports that no engine answers, with the alternatives', async () => {
  const environment = { DOCKER_HOST: `unix://${folder}/none.sock` };
  await expect(findK6Container(environment, systemClock)).rejects.toMatchObject({
    exitStatus: 69,
    message: expect.stringContaining('none.sock'),
    hint: expect.stringContaining('--k6 built-in'),
  });
});

it.each(['ssh://elsewhere', 'tcp://192.0.2.1:2375'])(
  'refuses the engine at %s, whose network is another',
  async (host) => {
    const found = findK6Container({ DOCKER_HOST: host }, systemClock);
    await expect(found).rejects.toMatchObject({ exitStatus: 69, hint: expect.stringContaining('--k6 PATH') });
  },
);
