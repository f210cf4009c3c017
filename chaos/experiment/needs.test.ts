import { expect, test } from 'vitest';
import { MissingPartError } from '../errors.ts';
import type { Capability } from '../stack/contract.ts';
import { planCells } from './cell-plan.ts';
import { cellsThatCanRun } from './needs.ts';

const plans = planCells({
  scenarios: ['reads'],
  outages: ['none', 'redis-down', 'redis-restart-empty'],
  seed: 'needs',
  durationMs: undefined,
});

function stackOf(...capabilities: Capability[]) {
  return { provider: 'external', capabilities: new Set(capabilities) } as const;
}

function select(stack: ReturnType<typeof stackOf>, askedByName: boolean, given = plans) {
  const leftOut: string[] = [];
  const cells = cellsThatCanRun(given, stack, { askedByName, leftOut: (reason) => leftOut.push(reason) });
  return { outages: cells.map(({ outage }) => outage), leftOut };
}

test('a stack that can do all runs all', () => {
  const able = stackOf('redis-kill', 'redis-restart-empty');
  expect(select(able, true)).toEqual({ outages: ['none', 'redis-down', 'redis-restart-empty'], leftOut: [] });
});

test('a cell that nobody asked for by name is left out, with what is missing', () => {
  const { outages, leftOut } = select(stackOf('redis-kill'), false);
  expect(outages).toEqual(['none', 'redis-down']);
  expect(leftOut).toEqual([
    'reads × redis-restart-empty needs redis-restart-empty, which the external stack cannot do',
  ]);
});

test.each([
  ['asked for by name', true, plans],
  ['the only one', false, plans.slice(2)],
])('a cell that is %s is refused', (_, askedByName, given) => {
  expect(() => select(stackOf(), askedByName, given)).toThrow(MissingPartError);
  expect(() => select(stackOf(), askedByName, given)).toThrow(/needs redis-kill, redis-restart-empty/);
});
