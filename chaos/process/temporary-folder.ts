/** Temporary folders that are removed after the run, however it ended. */
import { constants } from 'node:fs';
import { access, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import type { Reaper } from './reaper.ts';

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/** The reaper removes only folders whose name begins with this. */
const namePrefix = 'redcliff-';
let made = 0;

/** `label` says in the folder's name what it is for. */
export async function temporaryFolder(reaper: Reaper, label: string): Promise<TemporaryFolder> {
  made += 1;
  const folder = path.join(tmpdir(), `${namePrefix}${label}-${reaper.runId}-${made}`);
  const registration = reaper.watchFolder(folder);
  await mkdir(folder, { mode: 0o700 });
  return {
    path: folder,
    [Symbol.asyncDispose]: async () => {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      registration[Symbol.dispose]();
    },
  };
}

/** Throws UsageError when no temporary folder can be made. */
export async function checkTemporaryFolders(folder: string = tmpdir()): Promise<void> {
  const writable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable)
    throw new UsageError(
      `the folder for temporary files, ${folder}, does not exist or cannot be written`,
      'set TMPDIR to a folder that can be written',
    );
}
