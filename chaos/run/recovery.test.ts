import { expect, test } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import type { FaultRecord } from '../../reports/record/report.ts';
import { recoveryTimeMs } from './recovery.ts';

const fault: FaultRecord = {
  fault: 'redis-down',
  applyAtMs: 0,
  healAtMs: 1_000,
  parameters: {},
  appliedMs: 0,
  healedMs: 1_000,
  effect: { observed: true, evidence: '', measures: {} },
};
const operation = (startedMs: number, endedMs: number, status: number): Operation => ({
  process: 1,
  f: 'read',
  type: status === 200 ? 'ok' : 'fail',
  value: { status },
  intendedMs: startedMs,
  startedMs,
  endedMs,
});

test('nothing was broken, so there is nothing to recover from', () => {
  expect(recoveryTimeMs([], [{ atMs: 5, well: true }], [])).toBeNull();
});

test('recovery ends at the first good sample that no bad one follows', () => {
  const samples = [
    { atMs: 900, well: false },
    { atMs: 1_100, well: true },
    { atMs: 1_300, well: false },
    { atMs: 1_500, well: true },
    { atMs: 1_700, well: true },
  ];
  expect(recoveryTimeMs([fault], samples, [])).toBe(500);
});

test('an operation that was not served after the heal prolongs the recovery, one that was refused does not', () => {
  const samples = [{ atMs: 1_100, well: true }];
  expect(recoveryTimeMs([fault], samples, [operation(1_050, 1_800, 503)])).toBe(800);
  expect(recoveryTimeMs([fault], samples, [operation(1_050, 1_800, 409)])).toBe(100);
  expect(recoveryTimeMs([fault], samples, [operation(900, 1_800, 0)])).toBe(100);
});

test('a target that was not well at the last sample has not recovered', () => {
  expect(recoveryTimeMs([fault], [{ atMs: 1_100, well: false }], [])).toBeNull();
});

test('of a target that says nothing of its health, the operations alone decide', () => {
  expect(recoveryTimeMs([fault], null, [])).toBe(0);
  expect(recoveryTimeMs([fault], null, [operation(1_050, 1_800, 503)])).toBe(800);
});
