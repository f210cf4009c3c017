/** What is drawn of the last second, which a load rarely fills. */
import { expect, it } from 'vitest';
import { chartData, type Drawn } from './chart-data.ts';

function drawn(loadEndMs?: number): Drawn {
  const second = (number: number) => ({
    second: number,
    ok: 10,
    fail: 1,
    info: 0,
    p50Ms: 1,
    p99Ms: 2,
    maxMs: 3,
  });
  return {
    loadStartMs: 1000,
    gauges: [],
    faults: [],
    phases: [],
    seconds: [0, 1, 2].map(second),
    ...(loadEndMs === undefined ? {} : { loadEndMs }),
  };
}

it.each<[number | undefined, (number | null)[], string]>([
  [3400, [10, 10, null], 'ended in its third second'],
  [4000, [10, 10, 10], 'filled three seconds'],
  [3950, [10, 10, 10], 'ended a moment early'],
  [1400, [10, null, null], 'ended at once'],
  [undefined, [10, 10, 10], 'goes on'],
])('of a load until %s has %j, for it %s', (loadEndMs, ok) => {
  expect(chartData(drawn(loadEndMs)).ok).toEqual(ok);
  expect(chartData(drawn(loadEndMs)).fail).toEqual([1, 1, 1]);
});
