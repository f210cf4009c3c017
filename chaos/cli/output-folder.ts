/** The folder of a run: found to be writable before anything starts, made when it is clear that the run begins. */
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.ts';

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

/** Each missing folder by itself: the recursive mkdir of Node never returns where a file system refuses with ENOENT. */
async function makeFolders(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolders(parent);
  await mkdir(path);
}
