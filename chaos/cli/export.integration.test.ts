import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { syntheticCell, syntheticReport } from '../../reports/testing/synthetic-report.ts';
import { runCommand, scratchFolder } from './testing/command-under-test.ts';

const limitMs = 120_000;

test(
  'a run is given to other tools, and a cell that is not in it is refused by name',
  async () => {
    await using folder = await scratchFolder();
    const { cell, history } = syntheticCell({ scenario: 'items', fault: 'redis-down', seconds: 2 });
    await writeFile(join(folder.path, 'report.json'), JSON.stringify(syntheticReport([cell])));
    await mkdir(join(folder.path, cell.folder), { recursive: true });
    const lines = history.map((operation) => `${JSON.stringify(operation)}\n`);
    await writeFile(join(folder.path, cell.folder, 'history.ndjson'), lines.join(''));

    const output = join(folder.path, 'history.csv');
    expect(await runCommand(['export', folder.path, 'csv', '--output', output])).toMatchObject({ status: 0 });
    expect((await readFile(output, 'utf8')).trimEnd().split('\n')).toHaveLength(history.length + 1);
    const edn = await runCommand(['export', folder.path, 'edn', '--cell', 'items.redis-down']);
    expect(edn).toMatchObject({ status: 0, output: expect.stringContaining(':type :invoke') });
    const figures = await runCommand(['export', folder.path, 'openmetrics']);
    expect(figures.output).toMatch(/redcliff_verdict\{scenario="items",fault="redis-down".*\n(?:.*\n)*# EOF/);
    const refused = await runCommand(['export', folder.path, 'csv', '--cell', 'reads×none']);
    expect(refused).toMatchObject({ status: 64, output: expect.stringContaining('cells: items×redis-down') });
  },
  limitMs,
);
