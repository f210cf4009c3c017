import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runIdVariable } from './run-id.ts';
import { isAlive } from './testing/living-processes.ts';
import ownTestRun from './testing/own-test-run.ts';
import { testRunVariable } from './testing/test-run-id.ts';

let folder: string;
let careless: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'own-test-run-'));
  vi.stubEnv('TMPDIR', folder);
  vi.stubEnv(testRunVariable, '');
});
afterEach(async () => {
  careless?.kill('SIGKILL');
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

it('a run whose tests clean up ends without error, and its folder is removed', async () => {
  const end = await ownTestRun();
  const own = tmpdir();
  expect(path.dirname(own)).toBe(folder);
  await rm(await mkdtemp(path.join(own, 'careful-')), { recursive: true });
  await end();
  expect(existsSync(own)).toBe(false);
});

it.runIf(process.platform === 'linux')(
  'what a test leaves is ended, and the run fails and names it',
  async () => {
    const end = await ownTestRun();
    const left = await mkdtemp(path.join(tmpdir(), 'careless-'));
    careless = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, [runIdVariable]: process.env[testRunVariable] },
    });
    const pid = careless.pid ?? 0;
    const complaint = await end().catch(String);
    expect(complaint).toContain(`temporary files: ${path.basename(left)}`);
    expect(complaint).toContain(`1 processes outlived the run and had to be killed: ${pid} `);
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(left)).toBe(false);
  },
);
