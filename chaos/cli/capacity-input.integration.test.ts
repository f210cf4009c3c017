/** What is wrong with the input of `redcliff capacity` is found before anything starts, with the field and the remedy. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { syntheticCapacity } from '../../reports/capacity/synthetic-capacity.ts';
import { runCommand, scratchFolder } from './testing/command-under-test.ts';

test.each([
  ['an unknown route', ['--route', 'nope'], ['--route "nope"', 'general']],
  ['an unknown mix', ['--scenario', 'nope'], ['--scenario "nope"', 'players']],
  ['an impossible objective', ['--slo', 'p99=0ms'], ['--slo p99', 'remedy']],
  ['an objective of an unknown percentile', ['--slo', 'p42=1s'], ['"p42"', 'p99']],
  ['a duration of nothing', ['--duration', '0s'], ['--duration', 'remedy']],
  ['too short a step', ['--duration', '10ms'], ['--duration of a step', '1500 ms']],
  ['no repeat', ['--repeats', '0'], ['--repeats', '1 to 20']],
  ['an unknown setting', ['--set', 'POOL=1'], ['--set "POOL=1"', 'docs/configuration.md']],
  ['a setting that can not be', ['--set', 'DATABASE_POOL_SIZE=0'], ['--set DATABASE_POOL_SIZE', '>=1']],
  ['no player online', ['--online', '0%'], ['--online "0%"', '20%']],
  [
    'players who do nothing',
    ['--reads-per-minute', '0', '--actions-per-minute', '0'],
    ['--reads-per-minute'],
  ],
  ['a plan for nobody', ['plan', '--players', '0'], ['--players', '1 to']],
  ['a plan from nowhere', ['plan', '--players', '9', '--from', '/nowhere'], ['/nowhere', 'remedy']],
  [
    'a plan from another file',
    ['plan', '--players', '9', '--from', 'package.json'],
    ['no report of redcliff capacity'],
  ],
  ['a comparison with nothing', ['compare', '/nowhere'], ['/nowhere', 'remedy']],
])('%s is refused', async (_, args, words) => {
  await using folder = await scratchFolder();
  const own = args[0] === 'plan' || args[0] === 'compare' ? [] : ['--out', folder.path];
  const finished = await runCommand(['capacity', ...args, ...own]);
  expect(finished).toMatchObject({ status: 64 });
  for (const word of words) expect(finished.output).toContain(word);
  expect(finished.output).not.toMatch(/^\s+at /m);
  expect(await readdir(folder.path)).toEqual([]);
});

test('plans and comparisons are made of reports', async () => {
  await using folder = await scratchFolder();
  const path = async (name: string, report: ReturnType<typeof syntheticCapacity>) => {
    const file = join(folder.path, name);
    await writeFile(file, JSON.stringify(report));
    return file;
  };
  const before = await path('before.json', syntheticCapacity());
  const slower = await path('slower.json', syntheticCapacity({ capacityPerSecond: 500 }));
  const plan = await runCommand(['capacity', 'plan', '--players', '10000', '--from', before]);
  expect(plan.output).toContain('7 API processes');
  expect(plan.output).toContain('Trusted up to');
  // A MongoDB that was the embedded one is a doubt.
  expect(plan.status).toBe(2);
  expect((await runCommand(['capacity', 'plan', '--players', '1000000', '--from', before])).status).toBe(1);
  expect(await runCommand(['capacity', 'compare', before, before])).toMatchObject({ status: 0 });
  const worse = await runCommand(['capacity', 'compare', slower, before]);
  expect(worse.status).toBe(3);
  expect(worse.output).toContain('worse: highest rate of players');
});
