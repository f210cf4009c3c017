import { expect, test } from 'vitest';
import { conflicting } from '../faults/timeline.ts';
import { samplePlanning } from '../testing/sample/sample.ts';
import { drawSoak } from './timeline.ts';

const faults = [...samplePlanning.faults.values()];

const durationMs = 120_000;
const seeds = Array.from({ length: 20 }, (_, index) => `soak-${index}`);

test('the same seed gives the same faults to the millisecond, and another seed others', () => {
  expect(drawSoak('red', durationMs, faults)).toEqual(drawSoak('red', durationMs, faults));
  expect(drawSoak('red', durationMs, faults)).not.toEqual(drawSoak('blue', durationMs, faults));
});

test.each(seeds)('seed %s: faults overlap, but none with one that it conflicts with', (seed) => {
  const plan = drawSoak(seed, durationMs, faults);
  let overlaps = 0;
  for (const [index, later] of plan.entries()) {
    for (const earlier of plan.slice(0, index)) {
      if (later.applyAtMs >= earlier.healAtMs) continue;
      overlaps += 1;
      expect([earlier.fault.name, later.fault.name, conflicting(earlier.fault, later.fault)]).toEqual([
        earlier.fault.name,
        later.fault.name,
        false,
      ]);
    }
  }
  expect(overlaps).toBeGreaterThan(0);
});

test.each(seeds)('seed %s: parameters are of the faults’ schemas, and the ends are calm', (seed) => {
  const plan = drawSoak(seed, durationMs, faults);
  expect(plan.length).toBeGreaterThan(10);
  expect(plan.map(({ applyAtMs }) => applyAtMs)).toEqual(
    plan.map(({ applyAtMs }) => applyAtMs).toSorted((one, other) => one - other),
  );
  for (const { fault, parameters, applyAtMs, healAtMs } of plan) {
    fault.check(parameters);
    expect(applyAtMs).toBeGreaterThanOrEqual(3_000);
    expect(healAtMs).toBeGreaterThan(applyAtMs);
    expect(healAtMs).toBeLessThanOrEqual(durationMs - 4_000);
  }
});

test('over several seeds every fault has its turn', () => {
  const drawn = new Set(
    seeds.flatMap((seed) => drawSoak(seed, durationMs, faults).map(({ fault }) => fault.name)),
  );
  expect([...drawn].toSorted()).toEqual(faults.map(({ name }) => name).toSorted());
});

test('without faults to choose from, or without the time for one, nothing is planned', () => {
  expect(drawSoak('red', durationMs, [])).toEqual([]);
  expect(drawSoak('red', 5_000, faults)).toEqual([]);
});

test('some outages last 15 s, and 60 s in a load of minutes', () => {
  const lastingIn = (loadMs: number) =>
    new Set(
      seeds.flatMap((seed) =>
        drawSoak(seed, loadMs, faults).map(({ applyAtMs, healAtMs }) => healAtMs - applyAtMs),
      ),
    );
  const longest = (loadMs: number) => Math.max(...lastingIn(loadMs));
  expect(longest(40_000)).toBeLessThanOrEqual(6_000);
  expect(longest(60_000)).toBe(15_000);
  const inMinutes = lastingIn(240_000);
  expect([inMinutes.has(15_000), inMinutes.has(60_000)]).toEqual([true, true]);
});
