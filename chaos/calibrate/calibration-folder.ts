/**
 * The folder of a calibration: what is run in it, and the runs that are there already. A run is there when its report can be read and the
 * harness did not fail in it, so that a calibration goes on where it was cut short, and may be made larger later.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CalibrationRun } from '../../reports/compare/calibration.ts';
import { readHistory } from '../../reports/history/read-history.ts';
import { readReport } from '../../reports/record/read-report.ts';
import { UsageError } from '../errors.ts';
import { historyFileName } from '../experiment/cell-folder.ts';

const settingsFile = 'calibration.json';

const settingsSchema = z.strictObject({
  calibrationVersion: z.literal(1),
  scenario: z.string(),
  outage: z.string(),
  durationMs: z.int().positive(),
  seed: z.string(),
});
export type CalibrationSettings = Omit<z.infer<typeof settingsSchema>, 'calibrationVersion'>;

export async function writeSettings(folder: string, settings: CalibrationSettings): Promise<void> {
  const text = JSON.stringify({ calibrationVersion: 1, ...settings }, null, 1);
  await writeFile(join(folder, settingsFile), `${text}\n`);
}

/** Throws UsageError when the folder holds no calibration. */
export async function readSettings(folder: string): Promise<CalibrationSettings> {
  const text = await readFile(join(folder, settingsFile), 'utf8').catch(() => '');
  const parsed = settingsSchema.safeParse(parseJson(text));
  if (parsed.success) {
    const { calibrationVersion: _, ...settings } = parsed.data;
    return settings;
  }
  throw new UsageError(
    `--resume "${folder}" holds no calibration`,
    'give the folder that redcliff calibrate named at its start',
  );
}

export function runLabel(number: number): string {
  return `run-${String(number).padStart(3, '0')}`;
}

/** Null when it was not made, was cut short, or says nothing. `number` counts from 1. */
export async function readRun(folder: string, number: number): Promise<CalibrationRun | null> {
  const runFolder = join(folder, runLabel(number));
  const report = await readReport(join(runFolder, 'report.json')).catch(() => null);
  const [cell] = report?.cells ?? [];
  if (report !== null && cell !== undefined && cell.harnessError === null) {
    const history = await readHistory(join(runFolder, cell.folder, historyFileName)).catch(() => null);
    if (history !== null && history.truncatedAtLine === null) return { report, history: history.operations };
  }
  return null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
