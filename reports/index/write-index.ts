/** Writes the page of all runs beside them; done again after each run. */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRuns } from './read-runs.ts';
import { renderIndex } from './render-index.ts';

/** Into `out/index.html`, replaced in one step, so that who looks at it never sees half of it. Resolves to its path. */
export async function writeIndex(out: string): Promise<string> {
  const path = join(out, 'index.html');
  const page = renderIndex(await readRuns(out));
  const next = `${path}.${process.pid}`;
  await writeFile(next, page);
  await rename(next, path);
  return path;
}
