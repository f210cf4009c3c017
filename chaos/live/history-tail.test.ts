import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tailHistory } from './history-tail.ts';

const line = (f: string): string =>
  `${JSON.stringify({ process: 1, f, type: 'ok', value: {}, intendedMs: 1, startedMs: 1, endedMs: 2 })}\n`;

test('each look brings what was added, and a line only when it is whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'redcliff-tail-'));
  try {
    const path = join(folder, 'history.ndjson');
    const tail = tailHistory(path);
    const seen = async () => (await tail.read()).map(({ f }) => f);
    expect(await seen()).toEqual([]);
    const second = Buffer.from(line('häuser'));
    const cut = second.indexOf(0xa4);
    await writeFile(path, Buffer.concat([Buffer.from(line('one')), second.subarray(0, cut)]));
    expect(await seen()).toEqual(['one']);
    expect(await seen()).toEqual([]);
    await appendFile(path, second.subarray(cut));
    await appendFile(path, `no operation\n${line('three')}`);
    expect(await seen()).toEqual(['häuser', 'three']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
