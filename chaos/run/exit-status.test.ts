import { expect, test } from 'vitest';
import type { Cell, Verdict, VerdictValue } from '../../reports/record/report.ts';
import { HarnessError, InterruptedError } from '../errors.ts';
import { sample, sampleCell } from '../testing/sample/sample.ts';
import { failedCell, starvedCell } from './cell-record.ts';
import { exitOf } from './exit-status.ts';

const times = { startedMs: 0, endedMs: 1 };
const failed = failedCell(sample, sampleCell(), 'disk full', times);
const verdict = (value: VerdictValue): Verdict => ({
  invariant: 'I10',
  title: '',
  verdict: value,
  reason: '',
  witnesses: [],
});
const cell = (value: VerdictValue, thresholds: Cell['thresholds'] = []): Cell => ({
  ...failed,
  harnessError: null,
  verdicts: [verdict(value)],
  thresholds,
});

test('everything held', () => {
  expect(exitOf([cell('true')], false, null).code).toBe(0);
});

test('a violated invariant is named with its cell and stands before everything but an interruption', () => {
  const cells = [cell('unknown'), failed, cell('false')];
  expect(exitOf(cells, true, new HarnessError('gone', ''))).toEqual({
    code: 1,
    reason: 'violated: I10 in items × none',
  });
  expect(exitOf(cells, true, new InterruptedError('stop', '')).code).toBe(130);
});

test('a crossed threshold violates as well, and one without samples is unknown', () => {
  const threshold = { metric: 'recovery', expression: 'time<=1ms' };
  expect(exitOf([cell('true', [{ ...threshold, verdict: 'false' }])], false, null)).toEqual({
    code: 1,
    reason: 'violated: threshold recovery time<=1ms in items × none',
  });
  expect(exitOf([cell('true', [{ ...threshold, verdict: 'unknown' }])], false, null)).toEqual({
    code: 2,
    reason: 'unknown: threshold recovery in items × none',
  });
});

test('a failure of the harness is neither a pass nor a violation', () => {
  expect(exitOf([cell('true'), failed], false, null)).toEqual({
    code: 70,
    reason: 'the harness failed in items × none: disk full',
  });
  expect(exitOf([cell('true')], false, new HarnessError('redis ended by itself', '')).code).toBe(70);
});

test('unknown comes before worse, and worse before held', () => {
  expect(exitOf([cell('unknown')], true, null).code).toBe(2);
  expect(exitOf([cell('true')], true, null).code).toBe(3);
});

test('cells that a busy machine kept from being decided are one sentence', () => {
  const starved = starvedCell(sample, sampleCell(), 'api-1 did not get ready', times);
  expect(exitOf([cell('true'), starved], true, null)).toEqual({
    code: 2,
    reason: 'This machine was too busy to decide 1 of 2 cells (items × none): free it, or use --workers 1',
  });
  expect(exitOf([starved, cell('unknown')], true, null).reason).toMatch(/^unknown: /);
});
