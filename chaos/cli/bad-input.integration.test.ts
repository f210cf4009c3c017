import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleConfig } from '../testing/sample/sample.ts';
import { runCommand, scratchFolder } from './testing/command-under-test.ts';

const run = ['run', '--config', sampleConfig];
const falsePositives = ['verify', 'false-positives', '--config', sampleConfig];

test.each([
  ['an unknown scenario', [...run, 'item'], 64, ['scenario "item"', 'scenarios: items']],
  ['an unknown fault', [...run, '--fault', 'redis-up'], 64, ['--fault "redis-up"', 'redis-down']],
  ['an unknown suite', [...run, '--suite', 'nightly'], 64, ['--suite "nightly"', 'ci, full, smoke, soak']],
  ['too short a soak', [...run, '--suite', 'soak', '--duration', '5s'], 64, ['--duration of a soak', '16 s']],
  ['a timeline that is not there', [...run, '--timeline', '/nowhere'], 64, ['timeline "/nowhere"', 'JSON']],
  ['a timeline that is none', [...run, '--timeline', 'package.json'], 64, ['package.json', 'redis-slow']],
  [
    'a timeline beside a suite',
    [...run, '--timeline', 'package.json', '--suite', 'ci'],
    64,
    ['--timeline and --suite', 'omit one'],
  ],
  ['a plan that is none', [...run, '--plan', 'package.json'], 64, ['package.json', 'planVersion']],
  ['a negative duration', [...run, '--duration', '-5s'], 64, ['--duration', '20s']],
  ['a duration that is none', [...run, '--duration', 'soon'], 64, ['--duration "soon"', '20s']],
  ['a duration of weeks', [...run, '--duration', '1000h'], 64, ['--duration', 'at most a week']],
  ['an empty seed', [...run, '--seed', ''], 64, ['--seed', '1 to 100 characters']],
  ['a Redis that is not there', [...run, '--redis', '/nowhere'], 69, ['--redis "/nowhere"', 'omit --redis']],
  ['a MongoDB that is not there', [...run, '--mongo', '/nowhere'], 69, ['--mongo "/nowhere"', 'embedded']],
  ['a report that is not there', ['compare', '/nowhere', '/nowhere'], 64, ['/nowhere does not exist']],
  ['an unknown stack', [...run, '--stack', 'cloud'], 64, ['--stack', 'local']],
  ['an unknown mutant', [...run, '--mutant', 'none-such'], 64, ['--mutant "none-such"', 'mutants:']],
  ['an unwritable folder', [...run, '--out', '/proc/redcliff'], 64, ['--out "/proc/redcliff"', 'folder']],
  ['no worker at all', [...run, '--workers', '0'], 64, ['--workers "0"', '--workers 2']],
  ['no round of a campaign', [...falsePositives, '--times', '0'], 64, ['--times "0"', '--times 6']],
  [
    'a campaign that is not there',
    [...falsePositives, '--resume', '/nowhere'],
    64,
    ['--resume "/nowhere"', 'named at its start'],
  ],
  ['a configuration that is not there', ['run', '--config', '/nowhere.ts'], 64, ['--config "/nowhere.ts"']],
  [
    'a configuration that is none',
    ['run', '--config', 'vitest.config.ts'],
    64,
    ['vitest.config.ts', 'defineTarget'],
  ],
  ['an unknown target', [...run, '--target', 'shop'], 64, ['--target "shop"', 'targets: sample']],
  ['an unknown option', [...run, '--speed', '9'], 64, ['--speed', '--help']],
  ['an unknown command', ['rum'], 64, ['rum', '--help']],
  ['a k6 that is none', [...run, '--k6', '/bin/true'], 69, ['--k6 "/bin/true"', 'built-in']],
  ['a run that is not there', ['report', '/nowhere'], 64, ['RUN "/nowhere"', 'reports/runs/latest']],
])('%s is refused before anything starts', async (_, args, status, words) => {
  await using folder = await scratchFolder();
  const out = args.includes('--out') || args[0] !== 'run' ? [] : ['--out', folder.path];
  const finished = await runCommand([...args, ...out]);
  expect(finished).toMatchObject({ status });
  for (const word of words) expect(finished.output).toContain(word);
  expect(finished.output).not.toMatch(/^\s+at /m);
  expect(await readdir(folder.path)).toEqual([]);
});

/** Nothing listens on the discard port. */
test('an external stack that cannot be reached is refused, naming the field', async () => {
  await using folder = await scratchFolder();
  const redis = ['--redis-uri', 'redis://127.0.0.1:9/'];
  const others = ['--mongo-uri', 'mongodb://127.0.0.1:9/', '--toxiproxy-uri', 'http://127.0.0.1:9'];
  const where = ['--stack', 'external', '--out', folder.path];
  const finished = await runCommand([...run, 'items', ...where, ...redis, ...others]);
  expect(finished.status).toBe(69);
  expect(finished.output).toContain('--redis-uri');
  expect(finished.output).toContain('remedy');
});

test('without a redis-server the run is refused with the remedy', async () => {
  await using folder = await scratchFolder();
  const finished = await runCommand([...run, 'items', '--out', folder.path], {
    REDIS_SERVER: '/nowhere/redis-server',
  });
  expect(finished.status).toBe(69);
  expect(finished.output).toContain('REDIS_SERVER');
  expect(finished.output).toContain('remedy');
});

test.each([
  [...run, 'items'],
  ['verify', 'mutants', '--config', sampleConfig],
  ['verify', 'false-positives', '--config', sampleConfig],
  ['verify', 'comparison', '--config', sampleConfig],
  ['compare', '--against', 'HEAD', '--scenario', 'items', '--config', sampleConfig],
  ['simulate', 'items', '--config', sampleConfig],
  ['explore', 'items', '--config', sampleConfig],
  ['up', '--config', sampleConfig],
])(
  'a folder for temporary files that does not exist is refused before anything is made: %s %s',
  async (...args) => {
    await using folder = await scratchFolder();
    const out = join(folder.path, 'runs');
    const finished = await runCommand([...args, '--out', out], { TMPDIR: '/nowhere' });
    expect(finished).toMatchObject({
      status: 64,
      output: expect.stringMatching(/\/nowhere, does not exist[^]*set TMPDIR/),
    });
    expect(await readdir(folder.path)).toEqual([]);
  },
);

test('a program that is not a MongoDB is a missing part, and its log is kept', async () => {
  await using folder = await scratchFolder();
  const finished = await runCommand([...run, 'items', '--out', folder.path, '--mongo', '/bin/true']);
  expect(finished.status).toBe(69);
  expect(finished.output).toContain('/bin/true (--mongo) cannot be used');
  expect(finished.output).toContain('ended with status 0: a server runs until it is stopped');
  expect(finished.output).not.toContain('foreground');
  const log = /the complete log is in (\S+)/.exec(finished.output)?.[1] ?? '';
  await expect(access(log)).resolves.toBeUndefined();
});
