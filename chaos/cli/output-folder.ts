/** The folder of a run: found to be writable before anything starts, made when it is clear that the run begins. */
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { systemClock } from '../clock.ts';
import { UsageError } from '../errors.ts';
import type { SettingsFile } from '../reproduce/settings-file.ts';

export interface RunFolder {
  readonly id: string;
  readonly path: string;
}

export async function checkWritable(out: string): Promise<void> {
  try {
    await makeFolders(resolve(out));
    await access(resolve(out), constants.W_OK);
  } catch (error) {
    throw new UsageError(
      `--out "${out}" cannot be written to: ${error instanceof Error ? error.message : String(error)}`,
      'name a folder that can be made and written to, for example --out /tmp/redcliff',
    );
  }
}

/** Named after the time and what is run, so that folders sort by time and say what they are. */
export async function makeRunFolder(
  out: string,
  startedAt: Date,
  scenarios: readonly string[],
): Promise<RunFolder> {
  const time = startedAt.toISOString().slice(0, 23).replace(/[:.]/g, '-');
  const id = `${time}-${scenarios.length === 1 ? scenarios[0] : 'suite'}`;
  const path = join(resolve(out), id);
  await mkdir(path);
  return { id, path };
}

/**
 * Where one cell is run again and again: the folder to resume, or a new one, with `settings` in it, named after `work` and the cell. Throws
 * UsageError.
 */
export async function folderFor<Settings extends { readonly scenario: string; readonly outage: string }>(
  { out, resume }: { readonly out: string; readonly resume?: string },
  file: SettingsFile<Settings>,
  settings: Settings,
  work: string,
): Promise<string> {
  if (resume !== undefined) return resolve(resume);
  await checkWritable(out);
  const label = [`${work}-${settings.scenario}-${settings.outage}`];
  const { path } = await makeRunFolder(out, new Date(systemClock.nowMs()), label);
  await file.write(path, settings);
  return path;
}

/** Each missing folder by itself: the recursive mkdir of Node never returns where a file system refuses with ENOENT. */
async function makeFolders(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolders(parent);
  await mkdir(path);
}
