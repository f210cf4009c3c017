/** Wrong input of `redcliff capacity` is refused before anything starts, with the field and the remedy. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { syntheticCapacity } from '../../reports/capacity/testing/synthetic-capacity.ts';
import { runCommand, scratchFolder } from './testing/command-under-test.ts';

test.each([
  ['an unknown route', ['--route', 'nope'], ['--route "nope"', 'general']],
  ['an unknown mix', ['--mix', 'nope'], ['--mix "nope"', 'users']],
  ['an impossible objective', ['--slo', 'p99=0ms'], ['--slo p99', 'remedy']],
  ['an objective of an unknown percentile', ['--slo', 'p42=1s'], ['"p42"', 'p99']],
  ['a duration of nothing', ['--duration', '0s'], ['--duration', 'remedy']],
  ['too short a step', ['--duration', '10ms'], ['--duration of a step', '1500 ms']],
  ['no repeat', ['--repeats', '0'], ['--repeats', '1 to 20']],
  ['a setting without a value', ['--set', 'POOL'], ['--set "POOL"', 'NAME=VALUE']],
  ['a setting without a name', ['--set', '=1'], ['--set "=1"', 'NAME=VALUE']],
  ['no process', ['--processes', '0'], ['--processes', '1 to 64']],
  ['a baseline of a part', ['--mix', 'users', '--save-baseline'], ['--save-baseline', '--mix']],
  ['no user online', ['--online', '0%'], ['--online "0%"', '20%']],
  ['more users online than there are', ['--online', '101%'], ['--online "101%"', '20%']],
  ['a rate that is not a number', ['--reads-per-minute', '-1'], ['--reads-per-minute', '0 to 6000']],
  ['users who do nothing', ['--reads-per-minute', '0', '--writes-per-minute', '0'], ['--reads-per-minute']],
  ['an unknown target', ['--target', 'nope'], ['--target "nope"']],
  ['a plan for no users', ['plan', '--users', '0'], ['--users', '1 to']],
  ['a plan from a missing file', ['plan', '--users', '9', '--from', '/nowhere'], ['/nowhere', 'remedy']],
  [
    'a plan from another file',
    ['plan', '--users', '9', '--from', 'package.json'],
    ['not a report of redcliff capacity'],
  ],
  ['a comparison with a missing file', ['compare', '/nowhere'], ['/nowhere', 'remedy']],
])('%s is refused', async (_, args, words) => {
  await using folder = await scratchFolder();
  const own = args[0] === 'plan' || args[0] === 'compare' ? [] : ['--out', folder.path];
  const finished = await runCommand(['capacity', ...args, ...own]);
  expect(finished).toMatchObject({ status: 64 });
  for (const word of words) expect(finished.output).toContain(word);
  expect(finished.output).not.toMatch(/^\s+at /m);
  expect(await readdir(folder.path)).toEqual([]);
});

async function written(folder: string, name: string, report: unknown): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, JSON.stringify(report));
  return file;
}

test('plans and comparisons are made from reports', async () => {
  await using folder = await scratchFolder();
  const before = await written(folder.path, 'before.json', syntheticCapacity());
  const slower = await written(folder.path, 'slower.json', syntheticCapacity({ capacityPerSecond: 500 }));
  const plan = await runCommand(['capacity', 'plan', '--users', '10000', '--from', before]);
  expect(plan.output).toMatch(/10,000 shoppers: .*\n +7 api /);
  expect(plan.output).toContain('Trusted up to');
  // The embedded MongoDB is a doubt.
  expect(plan.status).toBe(2);
  const impossible = await runCommand(['capacity', 'plan', '--users', '1000000', '--from', before]);
  expect(impossible.output).toContain('Cannot be built: Redis would be busy');
  expect(impossible.status).toBe(1);
  expect(await runCommand(['capacity', 'compare', before, before])).toMatchObject({ status: 0 });
  const worse = await runCommand(['capacity', 'compare', slower, before]);
  expect(worse.status).toBe(3);
  expect(worse.output).toContain('worse: highest rate of users');
});

test('a plan follows the options and the objective of its report', async () => {
  await using folder = await scratchFolder();
  const report = syntheticCapacity();
  const from = await written(folder.path, 'report.json', {
    ...report,
    slo: { percentile: 99, latencyMs: 333, errorShare: 0 },
  });
  const options = ['--reads-per-minute', '6', '--writes-per-minute', '0', '--background-per-minute', '0'];
  const plan = await runCommand(['capacity', 'plan', '--users', '1000', '--from', from, ...options]);
  expect(plan.output).toContain('1,000 shoppers: 100 requests a second, 0 of them writes\n');
  expect(plan.output).toContain('the objective of 333 ms');
});

test('a report without costs makes no plan, and reports with nothing in common no comparison', async () => {
  await using folder = await scratchFolder();
  const report = syntheticCapacity();
  const partial = await written(folder.path, 'partial.json', { ...report, demands: [] });
  const plan = await runCommand(['capacity', 'plan', '--users', '9', '--from', partial]);
  expect(plan).toMatchObject({ status: 64 });
  expect(plan.output).toContain('does not say what requests cost');
  const whole = await written(folder.path, 'whole.json', report);
  const other = await written(folder.path, 'other.json', { ...report, target: 'other' });
  const comparison = await runCommand(['capacity', 'compare', other, whole]);
  expect(comparison).toMatchObject({ status: 2 });
  expect(comparison.output).toContain('Nothing was compared');
});

const config = (capacity: string): string => `
import { defineScenario, defineTarget } from '${join(import.meta.dirname, '../api/index.ts')}';
export default defineTarget({
  name: 'shop',
  processes: { api: { command: ['node', 'server.js'], port: 'PORT' } },
  env: () => ({}),
  scenarios: [defineScenario({ script: 'shop.k6.ts', rate: 1, duration: '5s' })],
  ${capacity}
});
`;

test.each([
  ['that does not describe its capacity', '', ['target "shop" does not say how its capacity is measured']],
  [
    'whose capacity names an unknown process',
    "capacity: { world: {}, serving: 'web', routes: [{ name: 'cart', title: 'a cart', kind: 'read', draw: () => ({ method: 'GET', path: '/' }) }], user: { noun: 'shopper', readsPerMinute: 1, writesPerMinute: 0, reads: { cart: 1 }, writes: {} } },",
    ['target "shop", capacity.serving: "web" is not a process', 'processes: api'],
  ],
])('a target %s is refused', async (_, capacity, words) => {
  await using folder = await scratchFolder();
  const file = join(folder.path, 'redcliff.config.ts');
  await writeFile(file, config(capacity));
  const finished = await runCommand(['capacity', '--config', file, '--out', join(folder.path, 'runs')]);
  expect(finished).toMatchObject({ status: 64 });
  for (const word of words) expect(finished.output).toContain(word);
});

test('a missing baseline is named, with the command that makes one', async () => {
  await using folder = await scratchFolder();
  const file = join(folder.path, 'redcliff.config.ts');
  await writeFile(file, config(''));
  for (const args of [
    ['plan', '--users', '9'],
    ['compare', 'missing'],
  ]) {
    const finished = await runCommand(['capacity', ...args, '--config', file]);
    expect(finished).toMatchObject({ status: 64 });
  }
  const plan = await runCommand(['capacity', 'plan', '--users', '9', '--config', file]);
  expect(plan.output).toContain(join(folder.path, 'reports/baselines/capacity/report.json'));
  expect(plan.output).toContain('redcliff capacity --save-baseline');
});
