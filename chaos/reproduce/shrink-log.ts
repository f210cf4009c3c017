/**
 * What a shrinking has found out so far, kept as it goes: the search is the same for the same answers, so with the answers it can be
 * taken up where it was cut short.
 */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../parse-json.ts';
import { type Candidate, candidateSchema } from './candidate.ts';
import { experimentFileSchema } from './experiment-file.ts';
import { settingsFile } from './settings-file.ts';
import type { ShrinkStage } from './shrink.ts';

const answersFile = 'shrink-answers.ndjson';

const startSchema = z.strictObject({
  original: experimentFileSchema,
  symptom: z.strictObject({ kind: z.enum(['invariant', 'threshold']), name: z.string() }),
  /** A candidate with fewer faults fails when `needed` of up to `repeats` runs show the symptom. */
  repeats: z.int().positive(),
  needed: z.int().positive(),
});
export type ShrinkStart = z.infer<typeof startSchema>;

const startFile = settingsFile({
  fileName: 'shrink.json',
  versionName: 'shrinkVersion',
  schema: startSchema,
  holds: 'shrinking that can be taken up',
  command: 'redcliff reproduce --shrink',
});

const answerSchema = z.object({
  stage: z.enum(['faults', 'how often', 'sizes at their least', 'sizes between']),
  candidate: candidateSchema,
  fails: z.boolean(),
  felt: z.boolean(),
  runs: z.int().nonnegative(),
  violated: z.int().nonnegative(),
  /** What was seen, or why it was not run. */
  explanation: z.string(),
});
export type Answer = z.infer<typeof answerSchema>;

export interface ShrinkLog {
  readonly start: ShrinkStart;
  answers(): readonly Answer[];
  find(candidate: Candidate, stage: ShrinkStage): Answer | undefined;
  add(answer: Answer): Promise<void>;
}

export async function beginShrinkLog(folder: string, start: ShrinkStart): Promise<ShrinkLog> {
  await startFile.write(folder, start);
  await writeFile(join(folder, answersFile), '');
  return logOf(folder, start, []);
}

/** Throws UsageError when the folder holds no shrinking. */
export async function openShrinkLog(folder: string): Promise<ShrinkLog> {
  const start = await startFile.read(folder);
  const lines = (await readFile(join(folder, answersFile), 'utf8').catch(() => '')).split('\n');
  const parsed = lines.map((line) => answerSchema.safeParse(parseJson(line)));
  // A line that was being written when everything ended is left out, and its candidate run again.
  const answers = parsed.flatMap((result) => (result.success ? [result.data] : []));
  await writeFile(join(folder, answersFile), answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''));
  return logOf(folder, start, answers);
}

function logOf(folder: string, start: ShrinkStart, known: readonly Answer[]): ShrinkLog {
  const answers = [...known];
  const keyOf = (candidate: Candidate, stage: ShrinkStage): string =>
    `${stage === 'how often'} ${JSON.stringify(candidate)}`;
  const byKey = new Map(answers.map((answer) => [keyOf(answer.candidate, answer.stage), answer]));
  return {
    start,
    answers: () => answers,
    find: (candidate, stage) => byKey.get(keyOf(candidate, stage)),
    add: async (answer) => {
      answers.push(answer);
      byKey.set(keyOf(answer.candidate, answer.stage), answer);
      await appendFile(join(folder, answersFile), `${JSON.stringify(answer)}\n`);
    },
  };
}
