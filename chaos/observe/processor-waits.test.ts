import { expect, test } from 'vitest';
import { type Machine, measureProcessorWaits, type ThreadTimes } from './processor-waits.ts';
import { lateClock } from './testing/late-clock.ts';

const thread = (ranMs: number, waitedMs: number, runnable = false): ThreadTimes => ({
  ranNs: ranMs * 1e6,
  waitedNs: waitedMs * 1e6,
  runnable,
});

/** Each look at a process sees the next of these. */
function machineWith(looks: Record<string, Record<string, ThreadTimes>[]>, stolen: number[] = []): Machine {
  return {
    tells: () => true,
    stolenMs: () => stolen.shift() ?? 0,
    processesOf: () => Object.keys(looks).map((name) => ({ pid: name, name })),
    threadsOf: (pid) => new Map(Object.entries(looks[pid]?.shift() ?? {})),
  };
}

/** Looks are 100 ms apart, but for the last one, which follows at once. */
async function measured(machine: Machine, looks: number) {
  await using waits = measureProcessorWaits(
    lateClock(1_000, 0, looks - 2),
    'logs',
    new Set(['api-1', 'k6']),
    machine,
  );
  for (let turn = 0; turn < looks * 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return await waits.finish();
}

test('reports the waiting time of all threads of a process between two samples, and the time in which none had work', async () => {
  const machine = machineWith({
    'api-1': [{ a: thread(50, 100) }, { a: thread(60, 130), b: thread(1, 5) }],
    k6: [{ a: thread(5, 7) }, { a: thread(9, 7.4) }],
  });
  expect(await measured(machine, 3)).toEqual([
    { fromMs: 1_000, toMs: 1_100, waitedMs: { 'api-1': 35, k6: 0 }, idleMs: { 'api-1': 54, k6: 95 } },
  ]);
});

test('a thread that is ready to run at a sample counts as never idle, because its start is unknown', async () => {
  const machine = machineWith({ k6: [{ a: thread(5, 7) }, { a: thread(5, 7), b: thread(0, 0, true) }] });
  expect(await measured(machine, 3)).toMatchObject([{ waitedMs: { k6: 0 }, idleMs: { k6: 0 } }]);
});

test('threads that together worked longer than the interval leave the idle time unknown', async () => {
  const machine = machineWith({
    k6: [
      { a: thread(0, 0), b: thread(0, 0) },
      { a: thread(60, 0), b: thread(10, 40) },
    ],
  });
  expect(await measured(machine, 3)).toMatchObject([{ waitedMs: { k6: 40 }, idleMs: { k6: 0 } }]);
});

test('time that a hypervisor took counts as waiting for every process', async () => {
  const machine = machineWith({ k6: [{ a: thread(5, 7) }, { a: thread(5, 9) }] }, [500, 500, 540]);
  expect(await measured(machine, 3)).toMatchObject([{ waitedMs: { k6: 42 } }]);
});

test('a process that has ended is no longer reported', async () => {
  const machine = machineWith({ 'api-1': [{ a: thread(1, 100) }, {}, { c: thread(1, 3) }] });
  expect(await measured(machine, 3)).toEqual([
    { fromMs: 1_100, toMs: 1_100, waitedMs: { 'api-1': 3 }, idleMs: { 'api-1': 0 } },
  ]);
});

test('a machine that does not report waiting gives no result, rather than zero', async () => {
  const machine = { ...machineWith({ k6: [] }), tells: () => false };
  expect(await measured(machine, 3)).toBeUndefined();
});

test('a machine without a process of the cell gives no result', async () => {
  expect(await measured(machineWith({}), 3)).toBeUndefined();
});
