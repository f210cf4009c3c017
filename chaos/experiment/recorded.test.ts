import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Cell, Report } from '../../reports/record/report.ts';
import { planCells } from './cell-plan.ts';
import { failedCell } from './failed-cell.ts';
import { compareWithRecorded, recordCells } from './recorded.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcliff-recorded-'));
});
afterEach(() => rm(folder, { recursive: true }));

const [plan] = planCells({ scenarios: ['reads'], outages: ['none'], seed: '1', durationMs: undefined });
if (plan === undefined) throw new Error('reads has a cell without an outage');
const empty = failedCell(plan, '', { startedMs: 0, endedMs: 1 }, 'cells/reads-none');
const cellWith = (verdict: 'true' | 'false'): Cell => ({
  ...empty,
  harnessError: null,
  verdicts: [{ invariant: 'I10', title: '', verdict, reason: '', witnesses: [] }],
});
const part = { kind: 'embedded', program: 'p', version: '1' };
const reportWith = (cell: Cell): Report => ({
  schemaVersion: 1,
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

test('a cell without a record is said to have none, and is not worse', async () => {
  const comparison = await compareWithRecorded(reportWith(cellWith('true')), folder);
  expect(comparison).toMatchObject({ worse: false, notes: ['reads × none has no record'] });
});

test('a recorded cell comes back, and a verdict that got worse is named', async () => {
  await recordCells(reportWith(cellWith('true')), folder);
  expect(await compareWithRecorded(reportWith(cellWith('true')), folder)).toMatchObject({
    worse: false,
    notes: [],
  });
  const worse = await compareWithRecorded(reportWith(cellWith('false')), folder);
  expect(worse.worse).toBe(true);
  expect(worse.reasons.join()).toContain('I10 in reads × none');
});
