/** Vitest is killed in the middle of a test of `system/` that has a Redis, a MongoDB and processes: none of it is left, and no file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

/** What the project promises: nothing is left after this time. */
const promisedMs = 5_000;
const startGuardMs = 40_000;
const root = fileURLToPath(new URL('../..', import.meta.url));
const runnerProgram = path.join(root, 'node_modules/vitest/vitest.mjs');
/** Its tests take seconds, and all of them need the stack and an API process. */
const testFile = 'system/api/api.integration.test.ts';
const started = ['redis-server', 'mongodb/main.ts', 'api/main.ts'];

let folder: string;
let runner: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'killed-test-run-'));
});
afterEach(async () => {
  runner?.kill('SIGKILL');
  for (const pid of (await processesIn(folder)).keys()) process.kill(pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Command lines of all that was started with this folder as the one for temporary files. */
async function processesIn(temporary: string): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '');
    if ((await read('environ')).includes(`TMPDIR=${temporary}`))
      found.set(Number(pid), await read('cmdline'));
  }
  return found;
}

it.runIf(process.platform === 'linux').each(['SIGKILL', 'SIGTERM'] as const)(
  'nothing is left of a run of the tests after %s',
  async (signal) => {
    // The runner is one of its own, and not a worker of this one.
    const environment = Object.entries(process.env).filter(([name]) => !/^(?:TEST$|VITEST)/.test(name));
    runner = spawn(process.execPath, [runnerProgram, 'run', '--project', 'integration', testFile], {
      cwd: root,
      env: { ...Object.fromEntries(environment), TMPDIR: folder },
      stdio: 'ignore',
    });
    const ended = once(runner, 'exit');
    const seen = async () => {
      const commands = [...(await processesIn(folder)).values()];
      return started.filter((name) => commands.some((command) => command.includes(name)));
    };
    await expect.poll(seen, { timeout: startGuardMs }).toEqual(started);
    runner.kill(signal);
    await ended;
    const left = async () => ({
      processes: [...(await processesIn(folder)).values()],
      files: await readdir(folder),
    });
    await expect.poll(left, { timeout: promisedMs }).toEqual({ processes: [], files: [] });
  },
);
