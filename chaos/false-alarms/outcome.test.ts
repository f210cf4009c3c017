import { describe, expect, test } from 'vitest';
import type { Cell } from '../../reports/record/report.ts';
import { syntheticCell } from '../../reports/testing/synthetic-report.ts';
import { outcomeOf, rateAtMost, tally } from './outcome.ts';

const base = syntheticCell({ scenario: 'turns', outage: 'none', seconds: 3, ratePerSecond: 5 }).cell;

function aCell(parts: Partial<Cell>): Cell {
  return { ...base, verdicts: [], thresholds: [], ...parts };
}

const verdict = (value: 'false' | 'true' | 'unknown') => ({
  invariant: 'I1',
  title: 'turns',
  verdict: value,
  reason: `it is ${value}`,
  witnesses: [],
});

describe('the outcome of a cell', () => {
  test.each([
    ['held', aCell({ verdicts: [verdict('true')] }), []],
    ['accused', aCell({ verdicts: [verdict('false'), verdict('unknown')] }), ['I1: it is false']],
    ['unknown', aCell({ verdicts: [verdict('true'), verdict('unknown')] }), ['I1: it is unknown']],
    [
      'accused',
      aCell({ thresholds: [{ metric: 'recovery', expression: 'time<=1ms', verdict: 'false' }] }),
      ['threshold recovery time<=1ms'],
    ],
    ['failed', aCell({ verdicts: [verdict('unknown')], harnessError: 'k6 died' }), ['k6 died']],
  ] as const)('%s', (result, cell, remarks) => {
    expect(outcomeOf(cell, 2, 'abc')).toMatchObject({ result, remarks, round: 2, commit: 'abc' });
  });
});

test('the tally counts each cell apart', () => {
  const held = outcomeOf(aCell({ verdicts: [verdict('true')] }), 1, 'abc');
  const accused = outcomeOf(aCell({ verdicts: [verdict('false')], outage: 'redis-down' }), 1, 'abc');
  expect(tally([held, accused, { ...held, round: 2 }])).toEqual([
    { scenario: 'turns', outage: 'none', runs: 2, held: 2, unknown: 0, accused: 0, failed: 0 },
    { scenario: 'turns', outage: 'redis-down', runs: 1, held: 0, unknown: 0, accused: 1, failed: 0 },
  ]);
});

describe('the rate of false alarms is at most', () => {
  test.each([
    // The rule of three, exactly.
    [0, 400, 1 - 0.05 ** (1 / 400)],
    [0, 1, 0.95],
    [1, 400, 0.0118],
    [3, 100, 0.0757],
  ])('%i alarms in %i runs', (alarms, runs, expected) => {
    expect(rateAtMost(alarms, runs)).toBeCloseTo(expected, 3);
  });

  test('everything where nothing was run', () => {
    expect(rateAtMost(0, 0)).toBe(1);
  });
});
