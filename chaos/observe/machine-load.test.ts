import { expect, test } from 'vitest';
import { type MachineReading, measureMachineLoad } from './machine-load.ts';

function measured(after: { elapsedMs: number; idleMs: number; throttledMs?: number; processors?: number }) {
  const { elapsedMs, idleMs, throttledMs = 0, processors = 2 } = after;
  const readings: MachineReading[] = [
    { idleMs: 1_000, throttledMs: 0, processors },
    { idleMs: 1_000 + idleMs, throttledMs, processors },
  ];
  let nowMs = 0;
  const clock = { monotonicMs: () => nowMs } as Parameters<typeof measureMachineLoad>[0];
  const load = measureMachineLoad(clock, () => readings[nowMs === 0 ? 0 : 1] as MachineReading);
  nowMs = elapsedMs;
  return load;
}

test('processors that were idle are free', () => {
  expect(measured({ elapsedMs: 500, idleMs: 750 }).free()).toBe(1.5);
  expect(measured({ elapsedMs: 500, idleMs: 750 }).busy()).toBe(false);
});

test('a machine without idle time is busy', () => {
  const load = measured({ elapsedMs: 1_000, idleMs: 20 });
  expect(load.free()).toBeCloseTo(0.02);
  expect(load.busy()).toBe(true);
});

test('a quota limits what is free, and being held back by it is being busy', () => {
  const load = measured({ elapsedMs: 1_000, idleMs: 7_000, throttledMs: 300, processors: 1 });
  expect(load.free()).toBe(1);
  expect(load.busy()).toBe(true);
});
