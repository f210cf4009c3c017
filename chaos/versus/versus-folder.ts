/** The folder of a comparison side by side: what is compared in it, and the pairs of runs that are there already. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readReport } from '../../reports/record/read-report.ts';
import type { Report } from '../../reports/record/report.ts';
import { UsageError } from '../errors.ts';

const settingsFile = 'versus.json';

const settingsSchema = z.strictObject({
  versusVersion: z.literal(1),
  /** Whole commit, or folder, of the version that is compared with the one here. */
  before: z.string(),
  scenario: z.string(),
  outage: z.string(),
  durationMs: z.int().positive(),
  seed: z.string(),
});
export type VersusSettings = Omit<z.infer<typeof settingsSchema>, 'versusVersion'>;

export const versions = ['before', 'after'] as const;
export type Version = (typeof versions)[number];

export async function writeSettings(folder: string, settings: VersusSettings): Promise<void> {
  await writeFile(
    join(folder, settingsFile),
    `${JSON.stringify({ versusVersion: 1, ...settings }, null, 1)}\n`,
  );
}

/** Throws UsageError when the folder holds none. */
export async function readSettings(folder: string): Promise<VersusSettings> {
  const text = await readFile(join(folder, settingsFile), 'utf8').catch(() => '');
  const parsed = settingsSchema.safeParse(parseJson(text));
  if (parsed.success) {
    const { versusVersion: _, ...settings } = parsed.data;
    return settings;
  }
  throw new UsageError(
    `--resume "${folder}" holds no comparison side by side`,
    'give the folder that redcliff versus named at its start',
  );
}

/** `number` counts from 1. */
export function runLabel(number: number, version: Version): string {
  return `pair-${String(number).padStart(2, '0')}-${version}`;
}

/** Null when it was not made, was cut short, or the harness failed in it. */
export async function readRun(folder: string, number: number, version: Version): Promise<Report | null> {
  const report = await readReport(join(folder, runLabel(number, version), 'report.json')).catch(() => null);
  const [cell] = report?.cells ?? [];
  return cell === undefined || cell.harnessError !== null ? null : report;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
