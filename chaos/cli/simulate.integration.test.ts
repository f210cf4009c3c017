import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parsePlanFile } from '../run/plan-file.ts';
import { sampleConfig, samplePlanning } from '../testing/sample/sample.ts';
import { startCommand } from './testing/command-under-test.ts';

const limitMs = 600_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulate-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function simulate(...args: string[]) {
  const config = ['--config', sampleConfig, '--duration', '2s', '--out', folder];
  await using command = startCommand(['simulate', 'items', ...config, ...args]);
  return await command.finished;
}

const traces = (output: string): string[] =>
  [...output.matchAll(/ trace ([\da-f]{64}) /g)].map(([, hash = '']) => hash);

it(
  'has the same trace for the same seed in two processes at once, undisturbed and under faults, and another for another seed',
  async () => {
    const faults = ['--fault', 'none', 'redis-down', 'api-killed'];
    const [first, second] = await Promise.all([
      simulate(...faults, '--seed', 'a'),
      simulate(...faults, '--seed', 'a', '--workers', '2'),
    ]);
    expect(first.output).toContain('everything held');
    expect([first.status, second.status]).toEqual([0, 0]);
    expect(traces(first.output)).toHaveLength(3);
    expect(traces(second.output).toSorted()).toEqual(traces(first.output).toSorted());
    const other = await simulate('--fault', 'none', '--seed', 'b');
    expect(traces(first.output)).not.toContain(traces(other.output)[0]);
  },
  limitMs,
);

it(
  'runs each cell twice when it is asked to, and keeps nothing of cells that held',
  async () => {
    const { status, output } = await simulate('--fault', 'none', '--seed', 'c', '--seeds', '2', '--twice');
    expect(status).toBe(0);
    expect(output).toContain('2 of 2 cells');
    const [run = ''] = (await readdir(folder)).toSorted().slice(-1);
    expect(await readdir(join(folder, run))).toEqual([]);
  },
  limitMs,
);

it(
  'finds a mutant, names its seed, and finds it again with the same trace by the command that it prints',
  async () => {
    const found = await simulate('--fault', 'none', '--mutant', 'forgets-writes', '--seed', 'm');
    expect(found.status).toBe(1);
    expect(found.output).toContain('kept false');
    const command = /again: .* simulate (.+)$/m.exec(found.output)?.[1] ?? '';
    await using again = startCommand(['simulate', ...command.split(' '), '--out', folder]);
    const { status, output } = await again.finished;
    expect(status).toBe(1);
    expect(traces(output)).toEqual(traces(found.output));
  },
  limitMs,
);

it(
  'reproduces a kept failure with the same trace, shrinks it, and reproduces the shrunk one',
  async () => {
    const found = await simulate('--fault', 'redis-slow', '--mutant', 'forgets-writes', '--seed', 'r');
    expect(found.status).toBe(1);
    const kept = /files: (.+)$/m.exec(found.output)?.[1] ?? '';
    const reproduce = async (from: string, ...args: string[]) => {
      const common = ['--config', sampleConfig, '--out', folder];
      await using command = startCommand(['reproduce', from, '--simulate', ...common, ...args]);
      return await command.finished;
    };
    const again = await reproduce(kept, '--times', '2');
    expect(again.status).toBe(1);
    expect(again.output).toContain('Violated again in 2 of 2 runs, the same trace in 2 of 2');

    const small = join(folder, 'small.plan.json');
    const shrunk = await reproduce(kept, '--shrink', '--max-runs', '8', '--write', small);
    expect(shrunk.status).toBe(1);
    const plan = parsePlanFile(await readFile(small, 'utf8'), small, samplePlanning);
    expect(plan.timeline).toEqual([]);
    const folderOfShrunk = /reproduce (\S+) --simulate/.exec(shrunk.output)?.[1] ?? '';
    const smallest = await reproduce(folderOfShrunk);
    expect(smallest.status).toBe(1);
    expect(smallest.output).toContain('the same trace in 1 of 1');

    await writeFile(join(kept, 'trace.json'), JSON.stringify({ hash: 'another' }));
    const other = await reproduce(kept);
    expect(other.status).toBe(70);
    expect(other.output).toContain('The trace differs from the recorded one');
  },
  limitMs,
);

it.each([
  ['a fault that its stack cannot inject', ['--fault', 'mongo-partition'], 69, 'mongo-partition'],
  ['a fault that does not exist', ['--fault', 'earthquake'], 64, '--fault "earthquake"'],
  ['no seeds', ['--seeds', '0'], 64, '--seeds "0"'],
  ['an unknown mutant', ['--mutant', 'nothing'], 64, '--mutant "nothing"'],
])('refuses %s before anything starts', async (_, args, status, words) => {
  const refused = await simulate(...args);
  expect(refused.status).toBe(status);
  expect(refused.output).toContain(words);
});

it.each([
  ['--real without --simulate', ['--real'], '--real needs --simulate'],
  ['no folder', ['--simulate'], 'REPORT is missing'],
  ['a search to continue', ['--simulate', '--resume', '.'], '--resume and --simulate exclude each other'],
  ['a fault to pause at', ['.', '--simulate', '--pause-at', 'redis-down'], '--pause-at and --simulate'],
  ['a folder without a plan', ['.', '--simulate'], 'cannot be read'],
])('reproduce refuses %s', async (_, args, words) => {
  await using command = startCommand(['reproduce', '--config', sampleConfig, ...args]);
  const refused = await command.finished;
  expect(refused.status).toBe(64);
  expect(refused.output).toContain(words);
});
