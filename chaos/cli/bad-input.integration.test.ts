import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runCommand, scratchFolder } from './testing/command-under-test.ts';

test.each([
  ['an unknown scenario', ['run', 'turn'], 64, ['scenario "turn"', 'auctions, campaign, court']],
  ['an unknown outage', ['run', '--outage', 'redis-up'], 64, ['--outage "redis-up"', 'redis-down']],
  ['an unknown suite', ['run', '--suite', 'nightly'], 64, ['--suite "nightly"', 'ci, smoke, soak']],
  ['too short a soak', ['run', '--suite', 'soak', '--duration', '5s'], 64, ['--duration of a soak', '16 s']],
  ['a timeline that is not there', ['run', '--timeline', '/nowhere'], 64, ['timeline "/nowhere"', 'JSON']],
  ['a timeline that is none', ['run', '--timeline', 'package.json'], 64, ['package.json', 'redis-slow']],
  [
    'a timeline beside a suite',
    ['run', '--timeline', 'package.json', '--suite', 'ci'],
    64,
    ['--timeline and --suite', 'leave one'],
  ],
  ['a negative duration', ['run', '--duration', '-5s'], 64, ['--duration', '20s']],
  ['a duration that is none', ['run', '--duration', 'soon'], 64, ['--duration "soon"', '20s']],
  ['an unknown provider', ['run', '--stack', 'cloud'], 64, ['--stack', 'local']],
  ['an unknown defect', ['run', '--defect', 'none-such'], 64, ['--defect "none-such"', 'defects:']],
  ['an unwritable folder', ['run', '--out', '/proc/redcliff'], 64, ['--out "/proc/redcliff"', 'folder']],
  ['no lane at all', ['run', '--lanes', '0'], 64, ['--lanes "0"', '--lanes 2']],
  ['no round of a campaign', ['false-alarms', '--times', '0'], 64, ['--times "0"', '--times 6']],
  [
    'a campaign that is not there',
    ['false-alarms', '--resume', '/nowhere'],
    64,
    ['--resume "/nowhere"', 'the campaign named at its start'],
  ],
  ['an unknown option', ['run', '--speed', '9'], 64, ['--speed', '--help']],
  ['an unknown command', ['rum'], 64, ['rum', '--help']],
  ['a k6 that is none', ['run', '--k6', '/bin/true'], 69, ['--k6 "/bin/true"', 'built-in']],
  ['a run that is not there', ['check', '/nowhere'], 64, ['RUN "/nowhere"', 'reports/runs/latest']],
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
  const finished = await runCommand(['run', 'reads', ...where, ...redis, ...others]);
  expect(finished.status).toBe(69);
  expect(finished.output).toContain('--redis-uri');
  expect(finished.output).toContain('remedy');
});

test('without a redis-server the run is refused with the remedy', async () => {
  await using folder = await scratchFolder();
  const finished = await runCommand(['run', 'reads', '--out', folder.path], {
    REDIS_SERVER: '/nowhere/redis-server',
  });
  expect(finished.status).toBe(69);
  expect(finished.output).toContain('REDIS_SERVER');
  expect(finished.output).toContain('remedy');
});
