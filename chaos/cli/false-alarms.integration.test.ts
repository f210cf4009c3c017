import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand, scratchFolder } from './testing/command-under-test.ts';

test('a campaign is taken up where it ended, and says how often each cell held', async () => {
  await using folder = await scratchFolder();
  const cells = ['false-alarms', 'court', '--outage', 'none', '--seed', 'taken-up'];
  const first = await runCommand([...cells, '--times', '1', '--out', folder.path]);
  expect(first).toMatchObject({ status: 0 });
  const [name = ''] = (await readdir(folder.path)).filter((entry) => entry.endsWith('false-alarms'));
  const campaign = join(folder.path, name);
  const second = await runCommand([...cells, '--times', '2', '--resume', campaign]);
  expect(second).toMatchObject({ status: 0 });
  expect(second.output).toMatch(/\[2\/2\] court × none, seed taken-up-2: held/);
  expect(second.output).toMatch(/^court +none +2 +2 +0 +0 +0$/m);
  const lines = (await readFile(join(campaign, 'outcomes.ndjson'), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { round: 1, seed: 'taken-up-1', result: 'held' },
    { round: 2, seed: 'taken-up-2', result: 'held' },
  ]);
}, 120_000);
