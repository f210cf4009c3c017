import { expect, it } from 'vitest';
import { compareCapacity } from './compare.ts';
import { syntheticCapacity } from './synthetic-capacity.ts';

const recorded = syntheticCapacity({ seed: 'recorded' });

it('finds nothing worse in the same, and nothing in another run of the same system', () => {
  expect(compareCapacity(recorded, recorded)).toMatchObject({ worse: false, unlike: [] });
  const alarms = Array.from({ length: 30 }, (_, index) =>
    syntheticCapacity({ seed: `again-${index}` }),
  ).filter((report) => compareCapacity(report, recorded).worse);
  expect(alarms).toEqual([]);
});

it.each([
  ['highest rate of players', { capacityPerSecond: 600 }],
  ['ceiling of general', { usl: { lambda: 800, sigma: 0.2, kappa: 0.0005 } }],
  ['exponent of generals', { growthExponent: 1.6 }],
  ['what is left with Redis away', { leftWithoutRedis: 0.1 }],
])('finds that the %s got worse, and that it got better the other way round', (what, change) => {
  const current = syntheticCapacity({ seed: 'now', ...change });
  const worse = compareCapacity(current, recorded);
  expect(worse.worse).toBe(true);
  expect(worse.changes.filter(({ outcome }) => outcome === 'worse').map((one) => one.what)).toContain(what);
  const better = compareCapacity(recorded, current);
  expect(better.changes.find((one) => one.what === what)?.outcome).toBe('better');
});

it('compares nothing between unlike environments, and names the difference', () => {
  const other = { ...recorded, machine: { ...recorded.machine, cpus: 64 } };
  expect(compareCapacity(other, recorded)).toMatchObject({
    worse: false,
    changes: [],
    unlike: ['processors: recorded with 2, now 64'],
  });
});

it('names what was recorded and not measured', () => {
  expect(compareCapacity({ ...recorded, routes: [] }, recorded).notes).toEqual([
    'general was recorded and not measured',
  ]);
});
