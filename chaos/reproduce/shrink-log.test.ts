import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { wholeOf } from './candidate.ts';
import { experimentWithEight, plantedFailures } from './eight-faults.ts';
import { type Answer, beginShrinkLog, openShrinkLog, type ShrinkStart } from './shrink-log.ts';

const start: ShrinkStart[] = plantedFailures.map((planted) => ({
  original: experimentWithEight(planted),
  symptom: { kind: 'invariant', name: planted.invariant },
  repeats: 3,
  needed: 1,
}));
const answers: Answer[] = start.map(({ original }, index) => ({
  stage: index === 1 ? 'how often' : 'faults',
  candidate: { ...wholeOf(original), faults: [index] },
  fails: index === 0,
  felt: true,
  runs: 1,
  violated: index === 0 ? 1 : 0,
  explanation: 'because',
}));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shrink-log-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('gives back what was found out, also after it was cut off in the middle of a line', async () => {
  const [first] = start;
  if (first === undefined) throw new Error('there are no planted failures');
  const log = await beginShrinkLog(folder, first);
  for (const answer of answers) await log.add(answer);
  await appendFile(join(folder, 'shrink-answers.ndjson'), '{"candidate":{"fau');
  const opened = await openShrinkLog(folder);
  expect(opened.start).toEqual(first);
  expect(opened.answers()).toEqual(answers);
  for (const answer of answers) expect(opened.find(answer.candidate, answer.stage)).toEqual(answer);
  expect(opened.find({ faults: [7], sizes: {} }, 'faults')).toBeUndefined();

  const [again] = answers;
  if (again !== undefined) await opened.add({ ...again, candidate: { faults: [7], sizes: {} } });
  expect((await openShrinkLog(folder)).answers()).toHaveLength(answers.length + 1);
});

it('refuses a folder that holds none, or a foreign one', async () => {
  const refusal = expect.objectContaining({
    message: expect.stringMatching(/--resume ".*" holds no shrinking/),
    exitStatus: 64,
  });
  await expect(openShrinkLog(folder)).rejects.toThrow(refusal);
  await writeFile(join(folder, 'shrink.json'), '{"shrinkVersion": 7}');
  await expect(openShrinkLog(folder)).rejects.toThrow(refusal);
});
