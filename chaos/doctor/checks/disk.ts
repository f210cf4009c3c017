/** Histories, journals and logs go to the reports folder and to the folder for temporary files. */
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { type Check, missing, ok } from '../finding.ts';

const bytesPerGibibyte = 2 ** 30;
const neededGibibytes = 1;

export const disk: Check = {
  name: 'disk',
  run: async ({ root }) => {
    const folders = [root, tmpdir()];
    const free = await Promise.all(folders.map(freeGibibytes));
    const detail = folders
      .map((folder, index) => `${(free[index] ?? 0).toFixed(1)} GiB free in ${folder}`)
      .join(', ');
    if (free.every((gibibytes) => gibibytes >= neededGibibytes)) return ok(detail);
    return missing(
      `${detail}: a run needs ${neededGibibytes} GiB`,
      'remove old runs from reports/runs, or set TMPDIR',
    );
  },
};

async function freeGibibytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return (bavail * bsize) / bytesPerGibibyte;
}
