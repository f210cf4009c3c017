import { expect, test } from 'vitest';
import { findFault } from '../faults/registry.ts';
import { wouldFight } from './overlap.ts';

test.each([
  ['redis-slow', 'redis-down', true],
  ['all-down', 'mongo-slow', true],
  ['redis-slow', 'mongo-slow', false],
  ['redis-down', 'api-killed', false],
  ['api-killed', 'db-sync-killed', false],
  ['rolling-restart', 'api-killed', true],
  ['turn-processor-killed', 'turn-processor-paused', true],
  // Nobody is met in the middle of a turn while MongoDB or Redis is away, and no heartbeat arrives.
  ['turn-processor-killed', 'mongo-down', true],
  ['turn-processor-killed', 'redis-down', true],
  ['clock-jump', 'redis-down', true],
  ['db-sync-killed', 'redis-down', false],
])('%s and %s would fight: %s', (one, other, fight) => {
  expect(wouldFight(faultNamed(one), faultNamed(other))).toBe(fight);
  expect(wouldFight(faultNamed(other), faultNamed(one))).toBe(fight);
});

function faultNamed(name: string) {
  const fault = findFault(name);
  if (fault === undefined) throw new Error(`no fault ${name}`);
  return fault;
}
