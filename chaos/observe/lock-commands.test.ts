import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commandsOnKeys } from './lock-commands.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-commands-'));
});
afterEach(() => rm(folder, { recursive: true }));

const head = {
  traceVersion: 1,
  fromMs: 0,
  toMs: 100,
  dropped: [],
  proxies: { 'redis-of-api-1': { store: 'redis', process: 'api-1' } },
};
const line = (command: string, given: string[], startedMs: number, endedMs: number | null) => ({
  proxy: 'redis-of-api-1',
  connection: 1,
  protocol: 'redis',
  command,
  target: given[0] ?? '',
  arguments: given,
  startedMs,
  endedMs,
  streamOffset: 0,
  requestBytes: 1,
  replyBytes: 1,
  reply: endedMs === null ? null : 'OK',
});

test('finds what may have changed a lock, in the order of the replies, with the process that sent it', async () => {
  const file = join(folder, 'trace.ndjson');
  const lines = [
    head,
    line('set', ['city:lock:1', 'a', 'EX', '2', 'NX'], 10, 30),
    line('EVALSHA', ['sha', '1', 'city:lock:1', 'a'], 12, 20),
    line('GET', ['city:lock:1'], 13, 14),
    line('SET', ['city:1', 'a'], 14, 15),
    line('DEL', ['city:lock:1'], 40, null),
    { ...line('find', ['city:lock:1'], 50, 60), protocol: 'mongo' },
  ];
  await writeFile(file, lines.map((one) => JSON.stringify(one)).join('\n'));
  const found = await commandsOnKeys(file, ['*:lock:*']);
  expect(found.map(({ command, process, endedMs }) => [command, process, endedMs])).toEqual([
    ['EVALSHA', 'api-1', 20],
    ['SET', 'api-1', 30],
    ['DEL', 'api-1', null],
  ]);
  expect(found[2]?.reply).toBeNull();
  expect(await commandsOnKeys(file, [])).toEqual([]);
});
