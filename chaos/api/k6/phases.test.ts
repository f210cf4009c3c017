import { expect, test } from 'vitest';
import { phaseOf, phasesToJudge } from './phases.ts';

const loadStartMs = 1_000_000;
const faultSpan = { fromMs: 2_000, toMs: 4_000 };
const at = (sinceMs: number): number => loadStartMs + sinceMs;

test('what a fault touched at any moment belongs to it', () => {
  expect(phaseOf(faultSpan, loadStartMs, at(1_900), at(1_999))).toBe('baseline');
  expect(phaseOf(faultSpan, loadStartMs, at(1_900), at(2_100))).toBe('fault');
  expect(phaseOf(faultSpan, loadStartMs, at(3_999), at(5_000))).toBe('fault');
  expect(phaseOf(faultSpan, loadStartMs, at(4_001), at(4_100))).toBe('recovery');
});

test('before its end an operation is known by its intended start, and without faults all is baseline', () => {
  expect(phaseOf(faultSpan, loadStartMs, at(1_900))).toBe('baseline');
  expect(phaseOf(faultSpan, loadStartMs, at(2_000))).toBe('fault');
  expect(phaseOf(null, loadStartMs, at(3_000), at(3_100))).toBe('baseline');
  expect(phaseOf(faultSpan, undefined, at(3_000), at(3_100))).toBe('baseline');
});

test('a phase with few arrivals is not judged', () => {
  const load = { durationMs: 7_000, ratePerSecond: 10 };
  expect(phasesToJudge({ ...load, faultSpan })).toEqual(['baseline', 'fault', 'recovery']);
  expect(phasesToJudge({ ...load, faultSpan: { fromMs: 1_000, toMs: 6_000 } })).toEqual(['fault']);
  expect(phasesToJudge({ ...load, faultSpan: null })).toEqual(['baseline']);
});
