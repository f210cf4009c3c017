/**
 * Reads the folder of all runs. What lies there may be anything: a run that is still going on or was interrupted, a report of an
 * older schema, a cut-off file, a folder of something else. None of them hides the others; each is named with what is wrong.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readReport } from '../record/read-report.ts';
import { summariseRun, type RunSummary } from './run-summary.ts';

/** A folder whose report could not be taken in. `page`: whether it has a report.html that may be looked at all the same. */
export interface UnreadRun {
  readonly folder: string;
  readonly problem: string;
  readonly page: boolean;
}

export interface Runs {
  /** Oldest first. */
  readonly read: readonly RunSummary[];
  readonly unread: readonly UnreadRun[];
  /** How many older folders were left out. */
  readonly leftOut: number;
}

/** More make the page heavy, and say nothing of today. */
const runsMax = 100;
/** Folders of runs begin with their time, so that they sort by it. */
const runFolder = /^\d{4}-\d\d-\d\dT/;

/** Rejects when `out` itself can not be read. */
export async function readRuns(out: string): Promise<Runs> {
  const entries = await readdir(out, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory() && runFolder.test(entry.name))
    .map(({ name }) => name)
    .toSorted();
  const newest = names.slice(-runsMax);
  const read: RunSummary[] = [];
  const unread: UnreadRun[] = [];
  // One after the other: a hundred reports at once would fill the memory.
  for (const folder of newest) {
    try {
      read.push(summariseRun(await readReport(join(out, folder, 'report.json')), folder));
    } catch (error) {
      if (!(await holdsRun(join(out, folder)))) continue;
      const problem = await problemOf(join(out, folder), error);
      unread.push({ folder, problem, page: await isFile(join(out, folder, 'report.html')) });
    }
  }
  return { read, unread, leftOut: names.length - newest.length };
}

async function problemOf(folder: string, error: unknown): Promise<string> {
  if (!(await isFile(join(folder, 'report.json'))))
    return 'there is no report.json: it is going on, or was killed';
  return error instanceof Error ? error.message : String(error);
}

/** Reproductions, self-tests and systems that were kept up have folders here as well, and no report of their own. */
async function holdsRun(path: string): Promise<boolean> {
  return (
    (await isFile(join(path, 'report.json'))) || (await stat(join(path, 'cells')).catch(() => null)) !== null
  );
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true;
}
