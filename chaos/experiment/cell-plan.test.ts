import { expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { planCells, type CellSelection } from './cell-plan.ts';

const all: CellSelection = { scenarios: [], outages: [], seed: 'red', durationMs: undefined };

test('every scenario is run undisturbed first and then under each of its outages', () => {
  const cells = planCells(all).map(({ experiment, outage }) => `${experiment.name} ${outage}`);
  expect(cells).toContain('turns turn-processor-killed');
  expect(cells.indexOf('turns none')).toBe(cells.indexOf('turns redis-down') - 1);
  expect(new Set(cells).size).toBe(cells.length);
});

test('the same seed gives the same timeline, to the millisecond, and another seed another one', () => {
  const timelines = (seed: string) => planCells({ ...all, seed }).map(({ timeline }) => timeline);
  expect(timelines('red')).toEqual(timelines('red'));
  expect(timelines('red')).not.toEqual(timelines('blue'));
});

test('a fault leaves time for a baseline before and a recovery after', () => {
  for (const seed of ['1', '2', '3', '4', '5', '6', '7', '8', '9']) {
    for (const { timeline, durationMs } of planCells({ ...all, seed })) {
      for (const { applyAtMs, healAtMs } of timeline) {
        expect(Number.isInteger(applyAtMs) && Number.isInteger(healAtMs)).toBe(true);
        expect(applyAtMs).toBeGreaterThanOrEqual(durationMs * 0.25);
        expect(healAtMs).toBeGreaterThan(applyAtMs);
        expect(healAtMs).toBeLessThanOrEqual(durationMs * 0.7);
      }
    }
  }
});

test.each<[Partial<CellSelection>, RegExp, RegExp]>([
  [{ scenarios: ['turn'] }, /scenario "turn" does not exist/, /reads, turns, writes/],
  [{ outages: ['redis-up'] }, /--outage "redis-up" does not exist/, /redis-down/],
  [{ durationMs: -1_000 }, /--duration must be at least 1 s, but is -1 s/, /--duration 20s/],
  [
    { scenarios: ['reads'], outages: ['turn-processor-killed'] },
    /no scenario chosen is run under/,
    /reads: /,
  ],
])('bad input %j is refused with the field and the remedy', (part, message, hint) => {
  const refusal = refusalOf({ ...all, ...part });
  expect(refusal.message).toMatch(message);
  expect(refusal.hint).toMatch(hint);
});

function refusalOf(selection: CellSelection): UsageError {
  try {
    planCells(selection);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('the selection was accepted');
}
