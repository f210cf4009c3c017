import { expect, it } from 'vitest';
import { usageBetween } from './utilisation.ts';
import type { Reading, Watched } from './watch.ts';

const watched: Watched = {
  processes: [
    { name: 'api-1', role: 'api', pid: 1, singleThreaded: true },
    { name: 'api-2', role: 'api', pid: 2, singleThreaded: true },
    // A launcher, whose child serves.
    { name: 'api-2', role: 'api', pid: 4, singleThreaded: true },
    { name: 'mongodb', role: 'mongodb', pid: 3, singleThreaded: false },
  ],
  pools: [{ name: 'MongoDB pool of api-1', pid: 1, port: 27017, size: 4, besides: 1 }],
  backlog: { title: 'saves', tooOldMs: 2_000, read: () => Promise.reject(new Error('not read here')) },
};

/** One second apart: api-1 runs 60 % and waits 30 %, api-2 10 %, mongodb half a processor, all of two processors 80 %. */
const reading = (second: number): Reading => ({
  atMs: second * 1_000,
  processes: new Map([
    [1, { cpuSeconds: 0.7 * second, loopSeconds: 0.6 * second, waitedSeconds: 0.3 * second }],
    [2, { cpuSeconds: 0.1 * second, loopSeconds: 0.1 * second, waitedSeconds: 0 }],
    [4, { cpuSeconds: 0, loopSeconds: 0, waitedSeconds: 0 }],
    [3, { cpuSeconds: 0.5 * second, loopSeconds: 0.1 * second, waitedSeconds: 0 }],
  ]),
  machine: { busySeconds: 1.6 * second, idleSeconds: 0.4 * second },
  pools: new Map([['MongoDB pool of api-1', Math.min(4, second)]]),
  backlog: { length: 10 * second, oldestAgeMs: 100 * second },
});
const readings = [0, 1, 2, 3, 4, 5].map(reading);
const harness = { processors: 2, harnessShare: 0.1 };

it('says how busy loops, pools, backlog and processors were in a window, and what others used', () => {
  const usage = usageBetween(watched, readings, 1_000, 4_000, harness);
  const valueOf = (resource: string) => usage.utilisations.find((one) => one.resource === resource)?.value;
  expect(valueOf('event loop of api-1')).toBeCloseTo(0.9);
  expect(valueOf('event loop of api-2')).toBeCloseTo(0.1);
  expect(valueOf('event loop of mongodb')).toBeUndefined();
  expect(valueOf('MongoDB pool of api-1')).toBe(1);
  expect(valueOf('processors of this machine')).toBeCloseTo(0.8);
  expect(valueOf('backlog of saves')).toBeCloseTo(0.2);
  expect(usage.busy['api']).toBeCloseTo(0.8);
  expect(usage.busy['mongodb']).toBeCloseTo(0.5);
  // 1.6 of 2 were busy, 1.3 by the target and 0.1 by the harness.
  expect(usage.othersShare).toBeCloseTo(0.1);
  expect(usage.backlogLengthMax).toBe(40);
});

it('is empty from fewer than two readings, and leaves out a process that was started in between', () => {
  expect(usageBetween(watched, readings.slice(0, 1), 0, 1_000, harness).utilisations).toEqual([]);
  const late = readings.map((one, index) => (index < 2 ? { ...one, processes: new Map() } : one));
  expect(usageBetween(watched, late, 1_000, 4_000, harness).busy).toEqual({});
});
