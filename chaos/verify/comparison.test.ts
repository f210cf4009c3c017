import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Report } from '../../reports/record/report.ts';
import { syntheticCell, syntheticReport } from '../../reports/testing/synthetic-report.ts';
import { UsageError } from '../errors.ts';
import { repeatedCell } from '../run/side-by-side.ts';
import { samplePlanning } from '../testing/sample/sample.ts';
import { readRuns } from './comparison.ts';

const built = syntheticCell({ scenario: 'items', fault: 'redis-down', seconds: 3, ratePerSecond: 20 });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcliff-comparison-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Leaves what a run leaves. */
async function leaveRun(label: string, harnessError: string | null, overrides: Partial<Report> = {}) {
  const cell = { ...built.cell, harnessError };
  await mkdir(join(folder, label, cell.folder), { recursive: true });
  await writeFile(join(folder, label, 'report.json'), JSON.stringify(syntheticReport([cell], overrides)));
  const lines = built.history.map((operation) => `${JSON.stringify(operation)}\n`);
  await writeFile(join(folder, label, cell.folder, 'history.ndjson'), lines.join(''));
}

test('runs that were made count, up to as many as are asked for', async () => {
  for (const label of ['run-001', 'run-002', 'run-003']) await leaveRun(label, null);
  expect((await readRuns(folder, 2)).map(({ history }) => history.length)).toEqual([60, 60]);
  expect(await readRuns(folder, 9)).toHaveLength(3);
});

test('a run in which the harness failed does not count, nor one that was cut short', async () => {
  await leaveRun('run-001', 'redis is gone');
  await leaveRun('run-002', null);
  await writeFile(join(folder, 'run-002', 'report.json'), '{');
  await leaveRun('run-003', null);
  await writeFile(join(folder, 'run-003', built.cell.folder, 'history.ndjson'), '{"process":1,"f":"wr');
  expect(await readRuns(folder, 3)).toEqual([]);
});

test('runs of two machines are not mixed', async () => {
  await leaveRun('run-001', null);
  const { machine } = syntheticReport([]);
  await leaveRun('run-002', null, { machine: { ...machine, cpus: 64 } });
  await expect(readRuns(folder, 2)).rejects.toThrow(
    /the runs of this test were made in another environment: cpus/,
  );
});

test('each run has a seed of its own, and the same one whenever it is drawn', () => {
  const settings = { scenario: 'items', fault: 'redis-down', durationMs: 6_000, seed: 's' };
  const one = repeatedCell(samplePlanning, settings, 1);
  expect(one).toEqual(repeatedCell(samplePlanning, settings, 1));
  expect(one).toMatchObject({ seed: 's-1', durationMs: 6_000, mutant: null, label: 'redis-down' });
  expect(repeatedCell(samplePlanning, settings, 2).timeline).not.toEqual(one.timeline);
  expect(() => repeatedCell(samplePlanning, { ...settings, scenario: 'chess' }, 1)).toThrow(UsageError);
  expect(() => repeatedCell(samplePlanning, { ...settings, fault: 'flood' }, 1)).toThrow(UsageError);
});
