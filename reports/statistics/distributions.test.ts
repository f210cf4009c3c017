import { expect, it } from 'vitest';
import { shareLowerBound, shareUpperBound, studentQuantile } from './distributions.ts';

it.each([
  // Printed tables of Student's t, one-sided.
  [0.05, 1, 6.3138],
  [0.005, 4, 4.6041],
  [0.001, 9, 4.2968],
  [0.025, 30, 2.0423],
  [0.01, 1000, 2.3301],
])('knows the t that is exceeded with probability %f at %i degrees of freedom', (tail, degrees, quantile) => {
  expect(studentQuantile(tail, degrees)).toBeCloseTo(quantile, 3);
});

it('bounds a share that was seen so often by Clopper and Pearson', () => {
  // None of n: 1 − tail^(1/n).
  expect(shareUpperBound(0, 60, 0.05)).toBeCloseTo(1 - 0.05 ** (1 / 60), 9);
  expect(shareUpperBound(3, 3, 0.05)).toBe(1);
  expect(shareLowerBound(0, 60, 0.05)).toBe(0);
  expect(shareLowerBound(60, 60, 0.05)).toBeCloseTo(0.05 ** (1 / 60), 9);
  // 1 of 10: the share at which P(X ≤ 1) = 0.05 by the sum itself.
  const share = shareUpperBound(1, 10, 0.05);
  expect((1 - share) ** 10 + 10 * share * (1 - share) ** 9).toBeCloseTo(0.05, 9);
});
