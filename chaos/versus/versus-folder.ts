/** The folder of a comparison side by side: what is compared in it, and the pairs of runs that are there already. */
import { join } from 'node:path';
import { z } from 'zod';
import { type OneCellRun, readOneCellRun } from '../reproduce/repeated-runs.ts';
import { settingsFile } from '../reproduce/settings-file.ts';

const settingsSchema = z.strictObject({
  /** Whole commit, or folder, of the version that is compared with the one here. */
  before: z.string(),
  scenario: z.string(),
  outage: z.string(),
  durationMs: z.int().positive(),
  seed: z.string(),
});
export type VersusSettings = z.infer<typeof settingsSchema>;

export const versions = ['before', 'after'] as const;
export type Version = (typeof versions)[number];

export const versusFile = settingsFile({
  fileName: 'versus.json',
  versionName: 'versusVersion',
  schema: settingsSchema,
  holds: 'comparison side by side',
  command: 'redcliff versus',
});

/** `number` counts from 1. */
export function runLabel(number: number, version: Version): string {
  return `pair-${String(number).padStart(2, '0')}-${version}`;
}

/** Null unless both runs are there. */
export async function readPair(folder: string, number: number): Promise<Record<Version, OneCellRun> | null> {
  const [before, after] = await Promise.all(
    versions.map((version) => readOneCellRun(join(folder, runLabel(number, version)))),
  );
  return before && after ? { before, after } : null;
}
