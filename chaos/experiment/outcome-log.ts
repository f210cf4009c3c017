/**
 * What came of each piece of a long piece of work, kept line by line as it comes, so that work that was cut short can be taken up where it
 * ended.
 */
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { UsageError } from '../errors.ts';

export class OutcomeLog<Outcome> {
  readonly #file: string;
  readonly #schema: z.ZodType<Outcome>;

  constructor(folder: string, schema: z.ZodType<Outcome>) {
    this.#file = fileIn(folder);
    this.#schema = schema;
  }

  /** In the order in which they came; none where nothing was begun. A line that was cut off in the middle is taken out. */
  async read(): Promise<readonly Outcome[]> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole !== text) await writeFile(this.#file, whole);
    return whole
      .split('\n')
      .slice(0, -1)
      .map((line) => this.#schema.parse(JSON.parse(line)));
  }

  async add(outcome: Outcome): Promise<void> {
    await appendFile(this.#file, `${JSON.stringify(outcome)}\n`);
  }
}

/** The folder to go on in, as the user gave it after --resume. Throws UsageError when there is no log in it; `what` made it. */
export async function folderToResume(given: string, what: string): Promise<string> {
  const found = await stat(fileIn(given)).catch(() => null);
  if (found !== null) return resolve(given);
  throw new UsageError(
    `--resume "${given}" is no folder of a ${what}`,
    `give the folder that the ${what} named at its start`,
  );
}

function fileIn(folder: string): string {
  return join(folder, 'outcomes.ndjson');
}
