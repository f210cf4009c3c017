import { expect, test } from 'vitest';
import { MissingPartError } from '../errors.ts';
import type { Capability } from '../stack/contract.ts';
import { samplePlanning } from '../testing/sample/sample.ts';
import { cellsThatCanRun, planCell, scenarioNamed } from './plan.ts';

const items = scenarioNamed(samplePlanning, 'items');
const plans = ['none', 'redis-down', 'redis-restart-empty'].map((fault) =>
  planCell(samplePlanning, items, fault, { seed: 'needs' }),
);

function stackOf(...capabilities: Capability[]) {
  return { provider: 'external', capabilities: new Set(capabilities) } as const;
}

function select(stack: ReturnType<typeof stackOf>, askedByName: boolean, given = plans) {
  const leftOut: string[] = [];
  const cells = cellsThatCanRun(given, stack, { askedByName, leftOut: (reason) => leftOut.push(reason) });
  return { faults: cells.map(({ label }) => label), leftOut };
}

test('a stack that can do all runs all', () => {
  const able = stackOf('redis-kill', 'redis-restart-empty');
  expect(select(able, true)).toEqual({ faults: ['none', 'redis-down', 'redis-restart-empty'], leftOut: [] });
});

test('a cell that was not asked for by name is left out, with what is missing', () => {
  const { faults, leftOut } = select(stackOf('redis-kill'), false);
  expect(faults).toEqual(['none', 'redis-down']);
  expect(leftOut).toEqual([
    'items × redis-restart-empty needs redis-restart-empty, which the external stack does not offer',
  ]);
});

test.each([
  ['asked for by name', true, plans],
  ['the only one', false, plans.slice(2)],
])('a cell that is %s is refused', (_, askedByName, given) => {
  expect(() => select(stackOf(), askedByName, given)).toThrow(MissingPartError);
  expect(() => select(stackOf(), askedByName, given)).toThrow(/needs redis-kill, redis-restart-empty/);
});
