import { expect, test } from 'vitest';
import type { Clock } from '../clock.ts';
import { type Machine, measureProcessorWaits } from './processor-waits.ts';

/** A clock whose sleeps end at once, `sleeps` times; then it sleeps until it is stopped. */
function quickClock(sleeps: number): Clock {
  let nowMs = 1_000;
  let left = sleeps;
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    timer: () => ({ [Symbol.dispose]: () => undefined }),
    sleep: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
        if (left === 0) return;
        left -= 1;
        nowMs += delayMs;
        resolve();
      }),
  };
}

const ms = (milliseconds: number) => milliseconds * 1e6;

/** Each look at a process sees the next of these: what its threads have waited so far. */
function machineWith(looks: Record<string, Record<string, number>[]>): Machine {
  return {
    tells: () => true,
    processesOf: () => Object.keys(looks).map((name) => ({ pid: name, name })),
    waitedBy: (pid) => new Map(Object.entries(looks[pid]?.shift() ?? {})),
  };
}

async function measured(machine: Machine, looks: number) {
  await using waits = measureProcessorWaits(quickClock(looks - 2), 'logs', machine);
  for (let turn = 0; turn < looks * 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return await waits.finish();
}

test('what a process waited between two looks is told of all its threads together, also of a new one', async () => {
  const machine = machineWith({
    'api-1': [{ a: ms(100) }, { a: ms(130), b: ms(5) }, { a: ms(130), b: ms(5) }],
    k6: [{ a: ms(7) }, { a: ms(7.4) }, { a: ms(27) }],
  });
  expect(await measured(machine, 3)).toEqual([
    { fromMs: 1_000, toMs: 1_200, waitedMs: { 'api-1': 35 } },
    { fromMs: 1_200, toMs: 1_200, waitedMs: { k6: 20 } },
  ]);
});

test('a process that is started again begins anew, and one that ends has waited no more', async () => {
  const machine = machineWith({ 'api-1': [{ a: ms(100) }, {}, { c: ms(3) }] });
  expect(await measured(machine, 3)).toEqual([{ fromMs: 1_200, toMs: 1_200, waitedMs: { 'api-1': 3 } }]);
});

test('a machine that does not tell leaves nothing, rather than nobody having waited', async () => {
  const machine = { ...machineWith({}), tells: () => false };
  expect(await measured(machine, 3)).toBeUndefined();
});

test('nor does one on which no process of the cell was found', async () => {
  expect(await measured(machineWith({}), 3)).toBeUndefined();
});
