/** `report --open`, and a comparison that has nothing to compare. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { syntheticCell, syntheticReport } from '../../reports/testing/synthetic-report.ts';
import { runCommand, scratchFolder } from './testing/command-under-test.ts';

const limitMs = 120_000;

async function writeRunOf(folder: string, name: string, fault: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  const { cell } = syntheticCell({ scenario: 'items', fault, seconds: 2 });
  await writeFile(join(path, 'report.json'), JSON.stringify(syntheticReport([cell])));
  return path;
}

test(
  'report --open hands the page to the program that opens pages, and says what to do without one',
  async () => {
    await using folder = await scratchFolder();
    const run = await writeRunOf(folder.path, 'run', 'none');
    const opener = join(folder.path, 'opener');
    const opened = join(folder.path, 'opened');
    await writeFile(opener, `#!/bin/sh\necho "$1" > "${opened}.part" && mv "${opened}.part" "${opened}"\n`);
    await chmod(opener, 0o755);
    expect(await runCommand(['report', run, '--open'], { BROWSER: opener })).toMatchObject({ status: 0 });
    await expect.poll(() => readFile(opened, 'utf8').catch(() => '')).toBe(`${join(run, 'report.html')}\n`);
    const refused = await runCommand(['report', run, '--open'], { BROWSER: join(folder.path, 'none') });
    expect(refused).toMatchObject({
      status: 64,
      output: expect.stringContaining('set BROWSER to a program'),
    });
  },
  limitMs,
);

test(
  'runs without a cell in common are not compared',
  async () => {
    await using folder = await scratchFolder();
    const one = await writeRunOf(folder.path, 'one', 'redis-down');
    const other = await writeRunOf(folder.path, 'other', 'mongo-down');
    const refused = await runCommand(['compare', one, other]);
    expect(refused).toMatchObject({
      status: 64,
      output: expect.stringContaining(
        'has no cell in common with what it is compared with: items × redis-down',
      ),
    });
    expect(refused.output).not.toContain('Not worse');
  },
  limitMs,
);
