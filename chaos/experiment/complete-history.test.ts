import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HarnessError } from '../errors.ts';
import { readCompleteHistory } from './complete-history.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcliff-history-'));
});
afterEach(() => rm(folder, { recursive: true }));

const line = (type: string, startedMs: number): string =>
  JSON.stringify({
    process: 1,
    f: 'train',
    type,
    value: { sessionId: 's', no: 1, amount: 1, status: type === 'ok' ? 200 : 0, version: 1, actionCount: 1 },
    intendedMs: startedMs,
    startedMs,
    endedMs: startedMs + 1,
  });

async function historyOf(text: string): Promise<string> {
  const file = join(folder, 'history.ndjson');
  await writeFile(file, text);
  return file;
}

test('a whole history is taken in', async () => {
  const history = await readCompleteHistory(await historyOf(`${line('ok', 1)}\n${line('ok', 5)}\n`));
  expect(history.operations).toHaveLength(2);
});

test('a history that was cut off is a failure of the harness', async () => {
  const file = await historyOf(`${line('ok', 1)}\n{"process":1,"f":"tr`);
  await expect(readCompleteHistory(file)).rejects.toThrow(HarnessError);
});

test('a client that goes on after an unknown outcome is a failure of the harness', async () => {
  const file = await historyOf(`${line('info', 1)}\n${line('ok', 5)}\n`);
  await expect(readCompleteHistory(file)).rejects.toThrow(/contradict/);
});
