import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleConfig } from '../testing/sample/sample.ts';
import { runCommand, scratchFolder } from './testing/command-under-test.ts';

test('a campaign is continued where it ended, and says how often each cell held', async () => {
  await using folder = await scratchFolder();
  const cells = ['verify', 'false-positives', '--config', sampleConfig, '--fault', 'none', '--seed', 'kept'];
  const first = await runCommand([...cells, '--times', '1', '--out', folder.path]);
  expect(first).toMatchObject({ status: 0 });
  const [name = ''] = (await readdir(folder.path)).filter((entry) => entry.endsWith('false-positives'));
  const campaign = join(folder.path, name);
  const second = await runCommand([...cells, '--times', '2', '--resume', campaign]);
  expect(second).toMatchObject({ status: 0 });
  expect(second.output).toMatch(/\[2\/2\] items × none, seed kept-2: held/);
  expect(second.output).toMatch(/^items +none +2 +2 +0 +0 +0$/m);
  const lines = (await readFile(join(campaign, 'outcomes.ndjson'), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).outcome)).toMatchObject([
    { round: 1, seed: 'kept-1', result: 'held' },
    { round: 2, seed: 'kept-2', result: 'held' },
  ]);
}, 120_000);
