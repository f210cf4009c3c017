import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HarnessError } from '../errors.ts';
import { readCompleteHistory } from './cell-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcliff-history-'));
});
afterEach(() => rm(folder, { recursive: true }));

const line = (type: string, startedMs: number): string =>
  JSON.stringify({
    process: 1,
    f: 'write',
    type,
    value: { id: 'i1', text: 'a' },
    intendedMs: startedMs,
    startedMs,
    endedMs: startedMs + 1,
  });

async function historyOf(text: string): Promise<string> {
  const file = join(folder, 'history.ndjson');
  await writeFile(file, text);
  return file;
}

test('a whole history is read', async () => {
  const history = await readCompleteHistory(await historyOf(`${line('ok', 1)}\n${line('ok', 5)}\n`));
  expect(history.operations).toHaveLength(2);
});

test('a history that was cut off is a failure of the harness', async () => {
  const file = await historyOf(`${line('ok', 1)}\n{"process":1,"f":"tr`);
  await expect(readCompleteHistory(file)).rejects.toThrow(HarnessError);
});

test('a client that goes on after an unknown outcome is a failure of the harness', async () => {
  const file = await historyOf(`${line('info', 1)}\n${line('ok', 5)}\n`);
  await expect(readCompleteHistory(file)).rejects.toThrow(/must not go on/);
});

test('a value that the target does not know is named with its line', async () => {
  const file = await historyOf(`${line('ok', 1)}\n`);
  const check = ({ value }: { value: Readonly<Record<string, unknown>> }) =>
    value['text'] === 'a' ? 'value.text: is not a number' : null;
  await expect(readCompleteHistory(file, check)).rejects.toThrow(/line 1: value\.text: is not a number/);
});
