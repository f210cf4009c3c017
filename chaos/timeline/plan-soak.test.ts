import { expect, test } from 'vitest';
import { faults, findFault } from '../faults/registry.ts';
import { wouldFight } from './overlap.ts';
import { planSoak } from './plan-soak.ts';

const durationMs = 120_000;
const seeds = Array.from({ length: 20 }, (_, index) => `soak-${index}`);

test('the same seed gives the same faults to the millisecond, and another seed others', () => {
  expect(planSoak('red', durationMs, faults)).toEqual(planSoak('red', durationMs, faults));
  expect(planSoak('red', durationMs, faults)).not.toEqual(planSoak('blue', durationMs, faults));
});

test.each(seeds)('seed %s: faults overlap, but none with one that it would fight', (seed) => {
  const plan = planSoak(seed, durationMs, faults);
  let overlaps = 0;
  for (const [index, later] of plan.entries()) {
    for (const earlier of plan.slice(0, index)) {
      if (later.applyAtMs >= earlier.healAtMs) continue;
      overlaps += 1;
      expect([earlier.fault, later.fault, fight(earlier.fault, later.fault)]).toEqual([
        earlier.fault,
        later.fault,
        false,
      ]);
    }
  }
  expect(overlaps).toBeGreaterThan(0);
});

test.each(seeds)('seed %s: parameters are of the faults’ schemas, and the ends are calm', (seed) => {
  const plan = planSoak(seed, durationMs, faults);
  expect(plan.length).toBeGreaterThan(10);
  expect(plan.map(({ applyAtMs }) => applyAtMs)).toEqual(
    plan.map(({ applyAtMs }) => applyAtMs).toSorted((one, other) => one - other),
  );
  for (const { fault, parameters, applyAtMs, healAtMs } of plan) {
    findFault(fault)?.check(parameters);
    expect(applyAtMs).toBeGreaterThanOrEqual(3_000);
    expect(healAtMs).toBeGreaterThan(applyAtMs);
    expect(healAtMs).toBeLessThanOrEqual(durationMs - 4_000);
  }
});

test('over several seeds every fault has its turn', () => {
  const drawn = new Set(
    seeds.flatMap((seed) => planSoak(seed, durationMs, faults).map(({ fault }) => fault)),
  );
  expect([...drawn].toSorted()).toEqual(faults.map(({ name }) => name).toSorted());
});

test('without faults to choose from, or without the time for one, nothing is planned', () => {
  expect(planSoak('red', durationMs, [])).toEqual([]);
  expect(planSoak('red', 5_000, faults)).toEqual([]);
});

function fight(one: string, other: string): boolean | undefined {
  const [first, second] = [findFault(one), findFault(other)];
  return first && second && wouldFight(first, second);
}
