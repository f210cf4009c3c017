import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Cell, Report } from '../../reports/record/report.ts';
import { sample, sampleCell } from '../testing/sample/sample.ts';
import { compareWithBaselines, saveBaselines } from './baselines.ts';
import { failedCell } from './cell-record.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcliff-baselines-'));
});
afterEach(() => rm(folder, { recursive: true }));

const empty = failedCell(sample, sampleCell(), '', { startedMs: 0, endedMs: 1 });
const cellWith = (verdict: 'true' | 'false'): Cell => ({
  ...empty,
  harnessError: null,
  verdicts: [{ invariant: 'I10', title: '', verdict, reason: '', witnesses: [] }],
});
const part = { kind: 'embedded', program: 'p', version: '1' };
const reportWith = (cell: Cell): Report => ({
  schemaVersion: 2,
  id: 'r',
  command: 'npm run redcliff -- run',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:01:00.000Z',
  seed: '1',
  commit: 'unknown',
  versions: {},
  provider: { name: 'local', redis: part, mongo: part, toxiproxy: part, k6: part },
  machine: { platform: 'linux x64', cpuModel: 'c', cpus: 2, memoryBytes: 1 },
  cells: [cell],
  comparison: null,
  exit: { code: 0, reason: 'everything held' },
});

test('a cell without a baseline is said to have none, and is not worse', async () => {
  const comparison = await compareWithBaselines(reportWith(cellWith('true')), folder);
  expect(comparison).toMatchObject({ worse: false, notes: ['items × none has no baseline'] });
});

test('a saved cell comes back, and a verdict that got worse is named', async () => {
  await saveBaselines(reportWith(cellWith('true')), false, folder);
  expect(await compareWithBaselines(reportWith(cellWith('true')), folder)).toMatchObject({
    worse: false,
    notes: [],
  });
  const worse = await compareWithBaselines(reportWith(cellWith('false')), folder);
  expect(worse.worse).toBe(true);
  expect(worse.reasons.join()).toContain('I10 in items × none');
});

test('several runs of a kind are kept, the newest first, and at most eight', async () => {
  for (let number = 1; number <= 10; number += 1) {
    await saveBaselines({ ...reportWith(cellWith('true')), id: `run-${number}` }, false, folder);
  }
  const { recorded } = await compareWithBaselines(reportWith(cellWith('true')), folder);
  expect(recorded).toEqual(['10', '9', '8', '7', '6', '5', '4', '3'].map((number) => `run-${number}`));
  expect(await readdir(folder)).toHaveLength(8);
});

test('those of another machine or load go, and all before a new level', async () => {
  const record = (id: string, worse: boolean, overrides: Partial<Report> = {}) =>
    saveBaselines({ ...reportWith(cellWith('true')), id, ...overrides }, worse, folder);
  const kept = async () => (await compareWithBaselines(reportWith(cellWith('true')), folder)).recorded;
  await record('old', false);
  await record('machine', false, { machine: { ...reportWith(cellWith('true')).machine, cpus: 4 } });
  expect(await kept()).toEqual(['machine']);
  await record('one', false);
  await record('two', false);
  expect(await kept()).toEqual(['two', 'one']);
  await record('level', true);
  expect(await kept()).toEqual(['level']);
  expect(await readdir(folder)).toEqual(['items-none.json']);
});
