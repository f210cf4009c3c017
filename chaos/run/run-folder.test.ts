/** The files of a run are written whole or not at all. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { syntheticReport } from '../../reports/testing/synthetic-report.ts';
import { writeRun } from './run-folder.ts';

it('leaves no part of a file that cannot be written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'run-folder-'));
  try {
    // A folder in the place of the file makes the last step of writing fail, as a full disk makes an earlier one.
    await mkdir(join(folder, 'junit.xml'));
    await expect(writeRun(folder, syntheticReport([]))).rejects.toThrow('junit.xml');
    expect((await readdir(folder)).toSorted()).toEqual(['junit.xml', 'report.json']);
    expect(await readdir(join(folder, 'junit.xml'))).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
