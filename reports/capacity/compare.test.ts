import { expect, it } from 'vitest';
import { compareCapacity } from './compare.ts';
import { syntheticCapacity } from './testing/synthetic-capacity.ts';

const baseline = syntheticCapacity({ seed: 'baseline' });

it('finds nothing worse in the same report, and nothing in another run of the same target', () => {
  expect(compareCapacity(baseline, baseline)).toMatchObject({ worse: false, unlike: [] });
  const alarms = Array.from({ length: 30 }, (_, index) =>
    syntheticCapacity({ seed: `again-${index}` }),
  ).filter((report) => compareCapacity(report, baseline).worse);
  expect(alarms).toEqual([]);
});

it.each([
  ['highest rate of users', { capacityPerSecond: 600 }],
  ['ceiling of cart', { usl: { lambda: 800, sigma: 0.2, kappa: 0.0005 } }],
  ['exponent of carts', { growthExponent: 1.6 }],
  ['what is left with redis-down', { leftWithoutRedis: 0.1 }],
])('finds that the %s got worse, and that it got better the other way round', (what, change) => {
  const current = syntheticCapacity({ seed: 'now', ...change });
  const worse = compareCapacity(current, baseline);
  expect(worse.worse).toBe(true);
  expect(worse.changes.filter(({ outcome }) => outcome === 'worse').map((one) => one.what)).toContain(what);
  const better = compareCapacity(baseline, current);
  expect(better.changes.find((one) => one.what === what)?.outcome).toBe('better');
});

it('compares nothing between unlike environments, and names the difference', () => {
  const other = { ...baseline, machine: { ...baseline.machine, cpus: 64 } };
  expect(compareCapacity(other, baseline)).toMatchObject({
    worse: false,
    changes: [],
    unlike: ['processors: 2 in the baseline, now 64'],
  });
});

it('names what is in the baseline and was not measured, and settings that differ', () => {
  expect(compareCapacity({ ...baseline, routes: [], settings: { POOL: '5' } }, baseline).notes).toEqual([
    'settings: {} in the baseline, now {"POOL":"5"}',
    'cart is in the baseline and was not measured',
  ]);
});
