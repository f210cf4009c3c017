import { describe, expect, test } from 'vitest';
import type { Cell } from '../../reports/record/report.ts';
import { syntheticCell } from '../../reports/testing/synthetic-report.ts';
import { shareUpperBound } from '../../reports/statistics/distributions.ts';
import { exitOfFalsePositives, outcomeOf, recordOf, tally } from './false-positives.ts';

const base = syntheticCell({ scenario: 'turns', fault: 'none', seconds: 3, ratePerSecond: 5 }).cell;

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
  const accused = outcomeOf(aCell({ verdicts: [verdict('false')], fault: 'redis-down' }), 1, 'abc');
  expect(tally([held, accused, { ...held, round: 2 }])).toEqual([
    { scenario: 'turns', fault: 'none', runs: 2, held: 2, unknown: 0, accused: 0, failed: 0 },
    { scenario: 'turns', fault: 'redis-down', runs: 1, held: 0, unknown: 0, accused: 1, failed: 0 },
  ]);
});

describe('the rate of false positives is at most', () => {
  test.each([
    // The rule of three, exactly.
    [0, 400, 1 - 0.05 ** (1 / 400)],
    [0, 1, 0.95],
    [1, 400, 0.0118],
    [3, 100, 0.0757],
  ])('%i accused of %i runs', (accused, runs, expected) => {
    expect(shareUpperBound(accused, runs, 0.05)).toBeCloseTo(expected, 3);
  });

  test('everything where nothing was run', () => {
    expect(shareUpperBound(0, 0, 0.05)).toBe(1);
  });
});

test('a cell in which the harness failed says nothing about the rate, and makes the exit status 70', () => {
  const held = outcomeOf(aCell({ verdicts: [verdict('true')] }), 1, 'abc');
  const failed = { ...held, result: 'failed' as const };
  const accused = { ...held, result: 'accused' as const, remarks: ['I1: it is false'] };
  expect(recordOf([held, failed], {})).toMatchObject({
    runs: 2,
    failed: 1,
    accusedRateAtMost: recordOf([held], {}).accusedRateAtMost,
  });
  expect(recordOf([held, accused], {}).remarks).toMatchObject([
    { result: 'accused', remarks: ['I1: it is false'] },
  ]);
  expect([[held], [held, failed], [failed, accused]].map(exitOfFalsePositives)).toEqual([0, 70, 1]);
});
