/**
 * The folder of a calibration: what is run in it, and the runs that are there already. A run is there when its report can be read and the
 * harness did not fail in it, so that a calibration goes on where it was cut short, and may be made larger later.
 */
import { join } from 'node:path';
import { z } from 'zod';
import type { CalibrationRun } from '../../reports/compare/calibration.ts';
import { readHistory } from '../../reports/history/read-history.ts';
import { historyFileName } from '../experiment/cell-folder.ts';
import { readOneCellRun } from '../reproduce/repeated-runs.ts';
import { settingsFile } from '../reproduce/settings-file.ts';

const settingsSchema = z.strictObject({
  scenario: z.string(),
  outage: z.string(),
  durationMs: z.int().positive(),
  seed: z.string(),
});
export type CalibrationSettings = z.infer<typeof settingsSchema>;

export const calibrationFile = settingsFile({
  fileName: 'calibration.json',
  versionName: 'calibrationVersion',
  schema: settingsSchema,
  holds: 'calibration',
  command: 'redcliff calibrate',
});

export function runLabel(number: number): string {
  return `run-${String(number).padStart(3, '0')}`;
}

/** Null when it was not made, was cut short, or says nothing. `number` counts from 1. */
export async function readRun(folder: string, number: number): Promise<CalibrationRun | null> {
  const runFolder = join(folder, runLabel(number));
  const run = await readOneCellRun(runFolder);
  if (run === null) return null;
  const history = await readHistory(join(runFolder, run.cell.folder, historyFileName)).catch(() => null);
  if (history === null || history.truncatedAtLine !== null) return null;
  return { report: run.report, history: history.operations };
}
