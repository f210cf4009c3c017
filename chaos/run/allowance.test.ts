import { expect, it } from 'vitest';
import { defineScenario } from '../api/define.ts';
import type { ScenarioDefinition } from '../api/define.ts';
import { samplePlanning } from '../testing/sample/sample.ts';
import type { PlannedInjection } from '../faults/timeline.ts';
import { withAllowance } from './allowance.ts';
import { maxErrorRateOf, scriptLoad } from './load.ts';

const target = {
  processes: {
    api: { command: ['node', 'api.mjs'], port: 'PORT' },
    worker: { command: ['node', 'worker.mjs'] },
  },
  limits: { requestDeadlineMs: 1_000 },
} as const;
const durationMs = 10_000;

function during(fault: string, applyAtMs: number, healAtMs: number): PlannedInjection {
  const found = samplePlanning.faults.get(fault);
  if (found === undefined) throw new Error(`${fault} is not registered`);
  return { fault: found, applyAtMs, healAtMs, parameters: {} };
}

function allowed(
  timeline: readonly PlannedInjection[],
  own: Partial<ScenarioDefinition> = {},
  label = 'timeline',
) {
  const scenario = defineScenario({
    script: 'items.k6.ts',
    rate: 10,
    duration: durationMs,
    faults: ['redis-down'],
    maxErrorRate: { none: 0.05, 'api-killed': 0.4, default: 0.1 },
    ...own,
  });
  const planned = { label, durationMs, timeline, seed: '' };
  return { ...planned, scenario: withAllowance(target, { ...planned, scenario }) };
}
const rate = (...given: Parameters<typeof allowed>) => {
  const { scenario, label } = allowed(...given);
  return maxErrorRateOf(scenario, label);
};

it('is what the scenario declares for a fault that it lists or names, as it may be drawn', () => {
  expect(rate([during('redis-down', 2_000, 5_500)], {}, 'redis-down')).toBe(0.1);
  expect(rate([during('api-killed', 2_000, 5_500)], {}, 'api-killed')).toBe(0.4);
  expect(rate([], {}, 'none')).toBe(0.05);
});

it('follows from the time in which something is broken, and two requests after it, for any other', () => {
  expect(rate([during('mongo-hang', 2_000, 5_000)])).toBeCloseTo(0.55);
  expect(rate([during('redis-down', 2_000, 6_000)])).toBeCloseTo(0.65);
  expect(rate([during('redis-down', 2_000, 9_000)])).toBeCloseTo(0.85);
  expect(rate([during('redis-down', 0, 10_000)])).toBe(1);
});

it('counts the time once in which several are in force, and never allows less than was declared for one', () => {
  expect(rate([during('redis-down', 1_000, 2_000), during('mongo-down', 1_500, 2_500)])).toBeCloseTo(0.4);
  expect(rate([during('redis-down', 1_000, 2_000), during('mongo-down', 6_000, 6_500)])).toBeCloseTo(0.6);
  expect(rate([during('redis-down', 1_000, 1_100), during('api-killed', 2_000, 2_100)])).toBe(0.4);
});

it('leaves the limit alone where requests meet nothing that is broken', () => {
  expect(rate([during('worker-killed', 2_000, 9_000)])).toBe(0.1);
  expect(rate([during('worker-without-redis', 2_000, 9_000)])).toBe(0.1);
  expect(rate([during('api-without-redis', 2_000, 5_000)])).toBeCloseTo(0.55);
  expect(rate([during('clock-skew', 0, 10_000)])).toBe(0.1);
});

it('sets none within the fault and after it, where no one fault is declared, and keeps that of the baseline', () => {
  const own = {
    maxErrorRateInPhase: { baseline: { default: 0.02 }, fault: { 'redis-down': 0.05, default: 0.6 } },
  };
  const inPhase = (...timeline: PlannedInjection[]) => scriptLoad(allowed(timeline, own)).maxErrorRateInPhase;
  expect(inPhase(during('mongo-hang', 2_000, 5_000))).toEqual({ baseline: 0.02, fault: 1, recovery: 1 });
  expect(inPhase(during('worker-killed', 2_000, 5_000))).toEqual({ baseline: 0.02, fault: 0.6 });
  expect(
    scriptLoad(allowed([during('redis-down', 2_000, 5_000)], own, 'redis-down')).maxErrorRateInPhase,
  ).toEqual({
    baseline: 0.02,
    fault: 0.05,
  });
});
