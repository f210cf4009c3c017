import { expect, test } from 'vitest';
import { readTrace } from '../../reports/trace/read-trace.ts';
import { scratchFolder } from '../cli/testing/command-under-test.ts';
import { openFaultRig } from '../testing/fault-rig.ts';
import { sample } from '../testing/sample/sample.ts';
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
  await using trace = await traceOfCell(rig.stack, busy.running, folder.path);
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
