import { expect, test } from 'vitest';
import { samplePlanning, sampleCell } from '../testing/sample/sample.ts';
import { maxErrorRateOf, scriptLoad } from './load.ts';
import { parseTimeline } from './timeline.ts';

test('a script gets the load, the seed and the rates of its plan', () => {
  const plan = sampleCell({ durationMs: 3_000, seed: 'red' });
  expect(scriptLoad(plan)).toEqual({
    seed: 'red',
    durationMs: 3_000,
    ratePerSecond: 30,
    maxVus: plan.scenario.load.maxVus,
    maxErrorRate: 0.05,
    maxErrorRateInPhase: {},
    faultSpan: null,
  });
});

test('the span of the faults is from the first one applied to the last one healed', () => {
  const timeline = parseTimeline(
    JSON.stringify([
      { fault: 'redis-down', applyAtMs: 700, healAtMs: 900 },
      { fault: 'mongo-down', applyAtMs: 500, healAtMs: 1_200 },
      { fault: 'redis-hang', applyAtMs: 1_000, healAtMs: 1_100 },
    ]),
    'test',
    samplePlanning.faults,
  );
  const { faultSpan } = scriptLoad({ ...sampleCell(), timeline });
  expect(faultSpan).toEqual({ fromMs: 500, toMs: 1_200 });
});

test('the rate of a phase is that under the fault, else the default one, else none', () => {
  const plan = sampleCell({ faults: ['redis-down'] });
  const scenario = {
    ...plan.scenario,
    maxErrorRateInPhase: { fault: { 'redis-down': 0.4, default: 0.2 }, recovery: { default: 0.1 } },
  };
  expect(scriptLoad({ ...plan, scenario }).maxErrorRateInPhase).toEqual({ fault: 0.4, recovery: 0.1 });
  expect(scriptLoad({ ...plan, scenario, label: 'none' }).maxErrorRateInPhase).toMatchObject({ fault: 0.2 });
});

test('without a rate for the fault, any share of errors is allowed', () => {
  expect(maxErrorRateOf({ maxErrorRate: { none: 0.1, default: 0.5 } }, 'none')).toBe(0.1);
  expect(maxErrorRateOf({ maxErrorRate: { none: 0.1, default: 0.5 } }, 'redis-down')).toBe(0.5);
  expect(maxErrorRateOf({ maxErrorRate: { none: 0.1 } }, 'redis-down')).toBe(1);
});
