import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readTrace } from '../../reports/trace/read-trace.ts';
import { readHistory } from '../../reports/history/read-history.ts';
import { operationName } from '../../reports/trace/trace.ts';
import { runCommand, scratchFolder } from '../cli/testing/command-under-test.ts';
import { openFaultRig } from '../testing/fault-rig.ts';
import { sample, sampleConfig } from '../testing/sample/sample.ts';
import { traceFileName } from './cell-folder.ts';
import { traceOfCell } from './cell-trace.ts';

test('the head of a trace names the store and the process of each proxy', async () => {
  await using folder = await scratchFolder();
  await using rig = await openFaultRig();
  await using busy = await rig.startTarget({
    target: { ...sample, needs: { sessions: { redis: {} } } },
    processes: { api: 2, worker: 1 },
    world: { items: 2 },
  });
  await using trace = await traceOfCell(rig.stack, busy.running, folder.path, folder.path + '/ties');
  if (trace === null) throw new Error('the embedded Toxiproxy records traces');
  await trace.finish();
  const { head } = await readTrace(`${folder.path}/${traceFileName}`);
  const { redis, mongo } = rig.stack.endpoints.proxyNames;
  const ofProcesses = ['redis', 'mongo', 'sessions'].flatMap((store) =>
    ['api-1', 'api-2', 'worker-1'].map((process) => [`${store}-of-${process}`, { store, process }] as const),
  );
  expect(head.proxies).toEqual({
    [redis]: { store: 'redis', process: null },
    [mongo]: { store: 'mongo', process: null },
    ...Object.fromEntries(ofProcesses),
  });
});

test('commands are tied to the requests that caused them, when these overlap', async () => {
  await using folder = await scratchFolder();
  await using rig = await openFaultRig();
  const tiesFolder = `${folder.path}/a folder/ties`;
  await using busy = await rig.startTarget({
    target: sample,
    processes: { api: 1, worker: 0 },
    world: { items: 40 },
    tiesFolder,
  });
  const { running } = busy;
  await using trace = await traceOfCell(rig.stack, running, folder.path, tiesFolder);
  if (trace === null) throw new Error('the embedded Toxiproxy records traces');
  const [base = ''] = running.baseUrls;
  const ask = async (number: number, init: RequestInit = {}): Promise<number> => {
    const headers = { 'x-redcliff-operation': `${number}@1`, 'content-type': 'application/json' };
    return (await fetch(`${base}/items/i${number}`, { ...init, headers })).status;
  };
  const statuses = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      ask(index + 1, index % 2 === 0 ? {} : { method: 'PUT', body: JSON.stringify({ text: 'new' }) }),
    ),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
  await trace.finish();
  const { commands } = await readTrace(`${folder.path}/${traceFileName}`);
  const aboutItems = commands.flatMap(({ process: _process, ...command }) => {
    const about = /"?i(\d+)"?(?![\w])/.exec(
      JSON.stringify([command.arguments?.slice(0, 2), command.body]),
    )?.[1];
    return about === undefined ? [] : [{ ...command, about }];
  });
  // A read asks the cache, then the database, and fills the cache; a write updates, deletes and queues.
  expect(aboutItems).toHaveLength(40 * 3);
  expect(aboutItems.filter(({ about, operation }) => operation !== `${about}@1`)).toEqual([]);
});

test('a script and the processes agree on the name of an operation', async () => {
  await using folder = await scratchFolder();
  const short = ['--fault', 'none', '--duration', '2s', '--seed', 'ties', '--out', folder.path];
  expect(await runCommand(['run', 'items', '--config', sampleConfig, ...short])).toMatchObject({ status: 0 });
  const cell = `${folder.path}/latest/cells/items-none`;
  const { operations } = await readHistory(`${cell}/history.ndjson`);
  const { commands } = await readTrace(`${cell}/${traceFileName}`);
  const known = new Set(operations.map(operationName));
  const tied = commands.flatMap(({ operation }) => (operation === undefined ? [] : [operation]));
  expect(tied.filter((name) => !known.has(name))).toEqual([]);
  // Each operation asks a store.
  expect(new Set(tied)).toEqual(known);
  expect(await readdir(cell)).not.toContain('ties');
});
