import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Cell, Report } from '../../reports/record/report.ts';
import { syntheticCell, syntheticReport } from '../../reports/testing/synthetic-report.ts';
import { HarnessError, UsageError } from '../errors.ts';
import type { ExperimentFile } from '../reproduce/experiment-file.ts';
import { calibrationFile, runLabel } from './calibration-folder.ts';
import { calibrationExperiment, collectRuns } from './collect-runs.ts';

const settings = { scenario: 'reads', outage: 'redis-down', durationMs: 6_000, seed: 's' };
const built = syntheticCell({ scenario: 'reads', outage: 'redis-down', seconds: 3, ratePerSecond: 20 });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcliff-calibrate-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Stands in for the stack: it leaves what a run leaves, and fails where it is told to. */
function standIn(failing: readonly string[], overrides: Partial<Report> = {}) {
  const labels: string[] = [];
  const run = async (_: ExperimentFile, label: string): Promise<Cell> => {
    labels.push(label);
    const cell = { ...built.cell, harnessError: failing.includes(label) ? 'redis is gone' : null };
    const report = syntheticReport([cell], overrides);
    await mkdir(join(folder, label, cell.folder), { recursive: true });
    await writeFile(join(folder, label, 'report.json'), JSON.stringify(report));
    const lines = built.history.map((operation) => `${JSON.stringify(operation)}\n`);
    await writeFile(join(folder, label, cell.folder, 'history.ndjson'), lines.join(''));
    return cell;
  };
  return { run, labels };
}

const quiet = { starting: () => undefined, note: () => undefined };

test('runs that are there are not made again, and more can be asked for later', async () => {
  const first = standIn([]);
  const made = await collectRuns({ settings, folder, runs: 2, stand: first, ...quiet });
  expect(made.map(({ history }) => history.length)).toEqual([60, 60]);
  await writeFile(join(folder, runLabel(2), 'report.json'), '{');
  const second = standIn([]);
  expect(await collectRuns({ settings, folder, runs: 3, stand: second, ...quiet })).toHaveLength(3);
  expect(second.labels).toEqual(['run-002', 'run-003']);
});

test('a run in which the harness failed counts for nothing, and three in a row end it', async () => {
  const stand = standIn([runLabel(2)]);
  expect(await collectRuns({ settings, folder, runs: 3, stand, ...quiet })).toHaveLength(2);
  const broken = standIn([runLabel(4), runLabel(5), runLabel(6), runLabel(2)]);
  await expect(collectRuns({ settings, folder, runs: 9, stand: broken, ...quiet })).rejects.toThrow(
    HarnessError,
  );
});

test('runs of two machines are not mixed', async () => {
  await collectRuns({ settings, folder, runs: 1, stand: standIn([]), ...quiet });
  const { machine } = syntheticReport([]);
  const elsewhere = standIn([], { machine: { ...machine, cpus: 64 } });
  await expect(collectRuns({ settings, folder, runs: 2, stand: elsewhere, ...quiet })).rejects.toThrow(
    /made elsewhere: cpus/,
  );
});

test('each run has a seed of its own, and the same one whenever it is drawn', () => {
  const one = calibrationExperiment(settings, 1);
  expect(one).toEqual(calibrationExperiment(settings, 1));
  expect(one).toMatchObject({ scenario: 'reads', seed: 's-1', load: { durationMs: 6_000 }, defect: null });
  expect(calibrationExperiment(settings, 2).timeline).not.toEqual(one.timeline);
  expect(() => calibrationExperiment({ ...settings, outage: 'flood' }, 1)).toThrow(UsageError);
});

test('what is run is kept with the runs, and a folder of something else is refused', async () => {
  await expect(calibrationFile.read(folder)).rejects.toThrow(/holds no calibration/);
  await calibrationFile.write(folder, settings);
  expect(await calibrationFile.read(folder)).toEqual(settings);
});
