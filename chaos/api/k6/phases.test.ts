import { expect, test } from 'vitest';
import { parseFaultSpan, phaseOf, phasesToJudge } from './phases.ts';

const loadStartMs = 1_000_000;
const settings = { loadStartMs, faultSpan: { fromMs: 2_000, toMs: 4_000 } };
const at = (sinceMs: number): number => loadStartMs + sinceMs;

test('what a fault touched at any moment belongs to it', () => {
  expect(phaseOf(settings, at(1_900), at(1_999))).toBe('baseline');
  expect(phaseOf(settings, at(1_900), at(2_100))).toBe('fault');
  expect(phaseOf(settings, at(3_999), at(5_000))).toBe('fault');
  expect(phaseOf(settings, at(4_001), at(4_100))).toBe('recovery');
});

test('before its end an operation is known by its intended start, and without faults all is baseline', () => {
  expect(phaseOf(settings, at(1_900))).toBe('baseline');
  expect(phaseOf(settings, at(2_000))).toBe('fault');
  expect(phaseOf({ loadStartMs, faultSpan: null }, at(3_000), at(3_100))).toBe('baseline');
});

test('a phase with few arrivals is not judged', () => {
  const load = { durationMs: 7_000, ratePerSecond: 10 };
  expect(phasesToJudge({ ...load, faultSpan: settings.faultSpan })).toEqual([
    'baseline',
    'fault',
    'recovery',
  ]);
  expect(phasesToJudge({ ...load, faultSpan: { fromMs: 1_000, toMs: 6_000 } })).toEqual(['fault']);
  expect(phasesToJudge({ ...load, faultSpan: null })).toEqual(['baseline']);
});

test('the span of the faults is read, and refused when it is none', () => {
  expect(parseFaultSpan('1800-3700')).toEqual({ fromMs: 1_800, toMs: 3_700 });
  expect(parseFaultSpan('')).toBeNull();
  expect(() => parseFaultSpan('3700-1800')).toThrow(/must be like/);
  expect(() => parseFaultSpan('soon')).toThrow(/must be like/);
});
