import { expect, test } from 'vitest';
import { samplePlanning } from '../testing/sample/sample.ts';
import { conflicting } from './timeline.ts';

test.each([
  ['redis-slow', 'redis-down', true],
  ['all-down', 'mongo-slow', true],
  ['redis-slow', 'mongo-slow', false],
  ['redis-down', 'api-killed', false],
  ['api-killed', 'worker-killed', false],
  ['rolling-restart', 'api-killed', true],
  ['worker-killed', 'worker-paused', true],
  // A jump of the clock is observed through heartbeats in Redis.
  ['clock-jump', 'redis-down', true],
])('%s and %s conflict: %s', (one, other, conflict) => {
  expect(conflicting(faultNamed(one), faultNamed(other))).toBe(conflict);
  expect(conflicting(faultNamed(other), faultNamed(one))).toBe(conflict);
});

function faultNamed(name: string) {
  const fault = samplePlanning.faults.get(name);
  if (fault === undefined) throw new Error(`no fault ${name}`);
  return fault;
}
